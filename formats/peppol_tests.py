"""What Peppol's rules for CII test and XPath 1.0 cannot: sums of decimals and check digits of identifiers."""

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree
from stdnum import ean, luhn
from stdnum.au import abn as australian
from stdnum.be import vat as belgian
from stdnum.no import orgnr

from formats.money import WIDE
from formats.xml import NUMBER_TEXT, Node

SLACK = Decimal("0.02")
CODICE_FISCALE = re.compile(r"[A-Za-z]{6}\d\d[A-Za-z]\d\d...\d[A-Za-z]|\d{11}")


def allowance(element: etree._Element) -> bool:
    """PEPPOL-EN16931-R040: the amount is the base amount times the percentage, give or take two hundredths."""
    node = _node(element)
    base, percent = _number(node, "BasisAmount"), _number(node, "CalculationPercent")
    if base is None or percent is None:
        return True
    return abs((_number(node, "ActualAmount") or Decimal(0)) - base * percent / 100) <= SLACK


def line_net(element: etree._Element) -> bool:
    """PEPPOL-EN16931-R120: the net amount is quantity times price, plus charges, less allowances."""
    node = _node(element)
    settlement, price = (
        node.first("SpecifiedLineTradeSettlement"),
        "SpecifiedLineTradeAgreement/NetPriceProductTradePrice",
    )
    quantity = _number(node, "SpecifiedLineTradeDelivery/BilledQuantity")
    amount = _number(node, f"{price}/ChargeAmount") or Decimal(0)
    basis = _number(node, f"{price}/BasisQuantity") or Decimal(1)
    stated = _number(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount") or Decimal(0)
    expected = (Decimal(1) if quantity is None else quantity) * WIDE.divide(amount, basis)
    return abs(stated - expected - sum(_adjustments(settlement), Decimal(0))) <= SLACK


def gln(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R040: digits, the last of which is GS1's check digit."""
    text = _text(element)
    return bool(re.fullmatch(r"\d{2,}", text)) and str(ean.calc_check_digit(text[:-1])) == text[-1]


def mod11(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R041: a Norwegian organisation number."""
    return bool(re.fullmatch(r"\d{9}", _text(element))) and bool(orgnr.is_valid(_text(element)))


def danish(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R042: DK and eight digits."""
    return bool(re.fullmatch(r"DK\d{8}", element.text or ""))


def mod97(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R043: a Belgian enterprise number."""
    return bool(re.fullmatch(r"\d{10}", _text(element))) and bool(belgian.is_valid(_text(element)))


def ipa(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R044: six letters or digits."""
    return bool(re.fullmatch(r"[A-Za-z0-9]{6}", _text(element)))


def codice_fiscale(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R045: the form of an Italian tax code, sixteen characters or eleven digits."""
    return bool(CODICE_FISCALE.fullmatch(_text(element)))


def partita_iva(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R047: an Italian VAT number where the country is Italy."""
    text = _text(element)
    return text[:2].upper() != "IT" or (bool(re.fullmatch(r"\d{11}", text[2:])) and bool(luhn.is_valid(text[2:])))


def swedish(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R049: ten digits, the last of which is Luhn's."""
    return bool(re.fullmatch(r"\d{10}", _text(element))) and bool(luhn.is_valid(_text(element)))


def abn(element: etree._Element) -> bool:
    """PEPPOL-COMMON-R050: an Australian business number."""
    return bool(re.fullmatch(r"\d{11}", _text(element))) and bool(australian.is_valid(_text(element)))


def _adjustments(settlement: Node) -> Iterator[Decimal]:
    for node in settlement.all("SpecifiedTradeAllowanceCharge"):
        amount = _number(node, "ActualAmount") or Decimal(0)
        yield amount if node.text("ChargeIndicator/Indicator") == "true" else -amount


def _node(element: etree._Element) -> Node:
    return Node(element, "", [])


def _number(node: Node, path: str) -> Decimal | None:
    text = node.text(path)
    return Decimal(text) if NUMBER_TEXT.fullmatch(text) else None


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
