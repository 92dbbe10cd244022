"""Tax ids and bank accounts, checked by their check digits."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from stdnum import get_cc_module, iban
from stdnum.exceptions import ValidationError

from capture.evidence import Candidate
from capture.fields.blocks import buyer_block
from capture.fields.marked import Marked
from capture.labels import Kind

OTHER_ID = re.compile(r"[0-9A-Z](?:[ ./-]?[0-9A-Z]){6,17}")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:\s?[0-9A-Z]){11,30}")
VAT_COUNTRIES = re.findall("..", "ATBEBGCHCYCZDEDKEEELESFIFRGBHRHUIEITLTLULVMTNLNOPLPTROSESISKXI")
VAT = re.compile(
    "(?<![A-Za-z0-9])(" + "|".join(VAT_COUNTRIES) + r")[ .-]?((?:[0-9A-Z+*][ ./-]?){7,13}[0-9A-Z])(?![A-Za-z0-9])"
)
CHECKED, LABELLED, BUYERS = 1.0, 0.8, 0.4


def tax_ids(marked: Marked) -> Iterator[Candidate[str]]:
    """The tax ids on the page without blanks, in reading order; those of the buyer's block are worth less."""
    buyer = {id(segment) for segment in buyer_block(marked)}
    for segment in marked.sheet.segments:
        for found in VAT.finditer(segment.text):
            value = _vat(found[1], found[2])
            if value:
                score = CHECKED * (BUYERS if id(segment) in buyer else 1.0)
                yield Candidate(value, score, segment.between(*found.span()), found[0])
    for segment, label in marked.labelled(Kind.TAX_ID):
        for stretch in marked.near(segment, label):
            found_id = OTHER_ID.search(stretch.text)
            if found_id and any(char.isdigit() for char in found_id[0]):
                score = LABELLED * stretch.nearness * (BUYERS if id(segment) in buyer else 1.0)
                yield Candidate(
                    re.sub(r"[^0-9A-Z]", "", found_id[0]), score, stretch.words(*found_id.span()), found_id[0]
                )
                break


def _vat(country: str, rest: str) -> str:
    """The VAT number if its check digits are right; blanks may have been read into it, words after it too."""
    parts = rest.split()
    for end in range(len(parts), 0, -1):
        plain = re.sub("[ ./-]", "", "".join(parts[:end]))
        try:
            whole = country + plain if country == "CH" else plain  # its module wants all of it
            return country + str(_module(country).validate(whole)).removeprefix(country)
        except ValidationError:
            continue
    return ""


@cache
def _module(country: str) -> Any:  # noqa: ANN401 - stdnum's modules share four functions and no type
    return get_cc_module({"EL": "gr", "XI": "gb"}.get(country, country.lower()), "vat")


def ibans(marked: Marked) -> Iterator[Candidate[str]]:
    """The bank accounts on the page whose check digits are right (ISO 13616), without blanks."""
    for segment in marked.sheet.segments:
        for found in IBAN.finditer(segment.text):
            parts = found[0].split()
            for end in range(len(parts), 0, -1):
                value = "".join(parts[:end])
                if iban.is_valid(value):
                    yield Candidate(value, CHECKED, segment.between(found.start(), found.end()), found[0])
                    break
