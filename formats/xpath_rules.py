"""Rules of e-invoices that no package carries as Schematron: a context, a test in XPath 1.0 or a function, a text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from formats.schematron import Failure

NAMESPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "re": "http://exslt.org/regular-expressions",
}
Test = str | Callable[[etree._Element], bool]  # noqa: SLF001 - lxml's only name for it


@dataclass(frozen=True, slots=True)
class Check:
    """A rule: where it applies, what must be true there, what it demands, and whether breaking it is fatal."""

    rule: str
    context: str
    test: Test
    text: str
    flag: str = "fatal"

    def broken(self, root: etree._Element) -> Iterator[Failure]:
        """Yield each place below the root where the rule does not hold."""
        found = compiled(f"descendant-or-self::{self.context}")(root)
        for element in found if isinstance(found, list) else ():
            if isinstance(element, etree._Element) and not self.holds(element):  # noqa: SLF001 - as above
                yield Failure(self.rule, self.flag, self.text, element)

    def holds(self, element: etree._Element) -> bool:
        """True when the element keeps the rule."""
        return bool(compiled(self.test)(element)) if isinstance(self.test, str) else self.test(element)


def broken(checks: Iterable[Check], root: etree._Element) -> Iterator[Failure]:
    """Yield what an invoice breaks, in the order of the rules."""
    for check in checks:
        yield from check.broken(root)


@lru_cache(maxsize=512)
def compiled(path: str) -> etree.XPath:
    """An XPath with the prefixes of UBL and CII."""
    return etree.XPath(path, namespaces=NAMESPACES)


def one_of(path: str, codes: str) -> str:
    """The test that a text is one of the codes, which are separated by blanks."""
    return f"contains(' {codes} ', concat(' ', normalize-space({path}), ' ')) and normalize-space({path}) != ''"
