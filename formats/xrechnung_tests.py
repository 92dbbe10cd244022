"""What XRechnung's rules test and XPath 1.0 cannot."""

import re
from decimal import Decimal

import stdnum.iban
from lxml import etree

from formats.xml import NUMBER_TEXT

DISCOUNT = re.compile(r"#SKONTO#TAGE=\d+#PROZENT=\d+\.\d{2}(#BASISBETRAG=-?\d+\.\d{2})?#")
MAIL = re.compile(r"[^@\s.]([^@\s]*[^@\s.])?@[^@\s.]([^@\s]*[^@\s.])?")
SHORTEST = 2  # characters on each side of the @


def terms_of_discount(element: etree._Element) -> bool:
    """BR-DE-18: each line that begins with # is a discount as XRechnung writes it; a line break follows the last."""
    text = element.text or ""
    lines = [line.strip() for line in re.split(r"\r?\n", text) if line.strip().startswith("#")]
    ends = not lines or bool(re.match(r"\s*?\n", text.rpartition("#")[2]))
    return ends and all(DISCOUNT.fullmatch(line) for line in lines)


def iban(element: etree._Element) -> bool:
    """BR-DE-19, BR-DE-20: an IBAN with the right check digits."""
    return bool(stdnum.iban.is_valid("".join((element.text or "").split()), check_country=False))


def three_digits(element: etree._Element) -> bool:
    """BR-DE-27: a telephone number has at least three digits."""
    return len(re.findall(r"\d", element.text or "")) >= 3  # noqa: PLR2004 - as the rule says


def mail_address(element: etree._Element) -> bool:
    """BR-DE-28: one @, two characters at least on each side of it, no blank or point next to it or at an end."""
    text = (element.text or "").strip()
    return bool(MAIL.fullmatch(text)) and all(len(part) >= SHORTEST for part in text.split("@"))


def file_names_differ(element: etree._Element) -> bool:
    """BR-DE-22: no two attachments have the same file name."""
    names = [str(name) for name in element.xpath(".//@filename")]
    return len(names) == len(set(names))


def sub_lines_add_up(element: etree._Element) -> bool:
    """BR-DEX-02: a line is worth what its own sub-lines are worth together."""
    own = _amounts(element, "*[local-name() = 'LineExtensionAmount']")
    parts = _amounts(element, "*[local-name() = 'SubInvoiceLine']/*[local-name() = 'LineExtensionAmount']")
    return not parts or sum(own, Decimal(0)) == sum(parts, Decimal(0))


def _amounts(element: etree._Element, path: str) -> list[Decimal]:
    texts = [(found.text or "").strip() for found in element.xpath(path)]
    return [Decimal(text) for text in texts if NUMBER_TEXT.fullmatch(text)]
