"""Units of measure: the same unit under other names, and conversions."""

from collections.abc import Mapping
from decimal import Decimal

# UN/ECE Recommendation 20 codes beside what buyers and suppliers write for them.
_SAME: Mapping[str, str] = {
    alias: unit
    for unit, aliases in {
        "EA": "EA EACH PC PCE PCS PIECE PIECES STK ST STUECK C62 H87 UN UNIT UNITS NMB U",
        "HUR": "HUR HR HRS HOUR HOURS H STD",
        "DAY": "DAY DAYS D TAG TAGE",
        "MON": "MON MONTH MONTHS MO MTH",
        "KGM": "KGM KG KGS KILO",
        "GRM": "GRM G GR",
        "TNE": "TNE T TON TONNE MT",
        "LTR": "LTR L LT LITRE LITER",
        "MTR": "MTR M METER METRE",
        "MTK": "MTK M2 SQM QM",
        "DZN": "DZN DZ DOZ DOZEN",
        "PR": "PR PAIR PAAR",
        "CEN": "CEN C100 HUNDRED",
        "MIL": "MIL THOUSAND TSD",
        "BX": "BX BOX XBX",
        "CT": "CT CTN CARTON XCT KRT",
        "PK": "PK PACK XPK PAK PKG",
    }.items()
    for alias in aliases.split()
}
_FACTORS: Mapping[tuple[str, str], Decimal] = {
    ("DZN", "EA"): Decimal(12),
    ("PR", "EA"): Decimal(2),
    ("CEN", "EA"): Decimal(100),
    ("MIL", "EA"): Decimal(1000),
    ("KGM", "GRM"): Decimal(1000),
    ("TNE", "KGM"): Decimal(1000),
}


def unit(code: str) -> str:
    """Return the usual code of a unit: "pcs" and "C62" are "EA"; an unknown one stays as it is, in upper case."""
    code = code.strip().upper()
    return _SAME.get(code, code)


def factor(billed: str, ordered: str, extra: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """Return how many ordered units one billed unit is: 1 when the same or one is not stated, None when not known.

    ``extra`` are the house's own conversions; they go before the usual ones.
    """
    one, two = unit(billed), unit(ordered)
    if one == two or not one or not two:
        return Decimal(1)
    known = {(unit(left), unit(right)): value for (left, right), value in extra.items()}
    for table in (known, _FACTORS):
        if (one, two) in table:
            return table[one, two]
        if (two, one) in table:
            return 1 / table[two, one]
    return None
