"""Who sent the invoice: the supplier of the master that tax ids, accounts, domains and names on the page point to."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from rapidfuzz import fuzz, process

from capture.evidence import Candidate
from capture.fields.blocks import buyer_block
from capture.fields.marked import Marked
from capture.fields.names import folded_name, names
from capture.fields.tax_ids import ibans, tax_ids
from formats.documents import Supplier

DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,})", re.IGNORECASE)
PUBLIC_MAIL = frozenset(
    {
        "gmail",
        "googlemail",
        "outlook",
        "hotmail",
        "yahoo",
        "gmx",
        "web",
        "t-online",
        "aol",
        "icloud",
        "live",
        "msn",
        "orange",
    }
    | {"free", "wanadoo", "example"}
)
NAME_CUTOFF = 90
FUZZY = 0.75
ADDRESS = 0.1


@dataclass(frozen=True)
class Directory(Sequence[Supplier]):
    """The supplier master, indexed by what is printed on invoices; build it once for many readings."""

    suppliers: tuple[Supplier, ...]

    @classmethod
    def of(cls, suppliers: Iterable[Supplier]) -> "Directory":
        """The same directory, or one made of the suppliers."""
        return suppliers if isinstance(suppliers, Directory) else cls(tuple(suppliers))

    @overload
    def __getitem__(self, index: int) -> Supplier: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Supplier]: ...
    def __getitem__(self, index: int | slice) -> Supplier | Sequence[Supplier]:
        return self.suppliers[index]

    def __len__(self) -> int:
        return len(self.suppliers)

    @cached_property
    def by_tax_id(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by tax id, letters and digits only."""
        return self._by(lambda supplier: [_plain(supplier.tax_id)])

    @cached_property
    def by_iban(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by IBAN without blanks."""
        return self._by(lambda supplier: [_plain(supplier.iban)])

    @cached_property
    def by_domain(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by the domain of their e-mail address and web site."""
        return self._by(lambda supplier: domains(f"@{supplier.email.partition('@')[2]} www.{_bare(supplier.website)}"))

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by name without legal form, case and punctuation."""
        return self._by(lambda supplier: [folded_name(supplier.name), folded_name(supplier.display_name)])

    def _by(self, keys: Callable[[Supplier], Iterable[str]]) -> Mapping[str, tuple[Supplier, ...]]:
        found: dict[str, tuple[Supplier, ...]] = {}
        for supplier in self.suppliers:
            for key in dict.fromkeys(keys(supplier)):
                if key:
                    found[key] = (*found.get(key, ()), supplier)
        return found


def match(marked: Marked, directory: Directory) -> list[Candidate[Supplier]]:
    """The suppliers that the page points to, the surest first, each with the reason."""
    best: dict[str, Candidate[Supplier]] = {}
    for candidate in _matches(marked, directory):
        number = candidate.value.number
        if number not in best or best[number].score < candidate.score:
            best[number] = candidate
    return sorted(best.values(), key=lambda candidate: -candidate.score)


def _matches(marked: Marked, directory: Directory) -> Iterator[Candidate[Supplier]]:
    ways: tuple[tuple[str, float, Iterable[Candidate[str]], Mapping[str, tuple[Supplier, ...]]], ...] = (
        ("tax id", 1.0, tax_ids(marked), directory.by_tax_id),
        ("IBAN", 0.98, ibans(marked), directory.by_iban),
        ("domain", 0.9, page_domains(marked), directory.by_domain),
        ("name", 0.85, _all_names(marked), directory.by_name),
    )
    for way, weight, keys, index in ways:
        for key in keys:
            for supplier in index.get(key.value, ()):
                alone = 1.0 if len(index[key.value]) == 1 else 0.8
                yield _match(marked, supplier, key, weight * alone * key.score, f"{way} {key.raw}")
    yield from _similar(marked, directory)


def _match(marked: Marked, supplier: Supplier, key: Candidate[str], score: float, reason: str) -> Candidate[Supplier]:
    """A supplier whose address is on the page as well is the likelier one."""
    address = supplier.address
    text = marked.sheet.text.casefold()
    there = bool(address.postal_code) and address.postal_code.casefold() in text and address.city.casefold() in text
    reason += f", address {address.postal_code} {address.city}" if there else ""
    return Candidate(supplier, min(1.0, score + ADDRESS * there), key.words, key.raw, reason)


def _all_names(marked: Marked) -> Iterator[Candidate[str]]:
    for name in names(marked):
        yield Candidate(folded_name(name.value), max(0.3, name.score), name.words, name.raw)


def _similar(marked: Marked, directory: Directory) -> Iterator[Candidate[Supplier]]:
    keys = list(directory.by_name)
    for name in sorted(names(marked), key=lambda name: -name.score)[:4]:
        folded = folded_name(name.value)
        if len(folded) < 4:  # noqa: PLR2004 - short names are similar to everything
            continue
        for key, ratio, _ in process.extract(folded, keys, scorer=fuzz.ratio, score_cutoff=NAME_CUTOFF, limit=3):
            for supplier in directory.by_name[key]:
                score = FUZZY * ratio / 100 * max(0.3, min(1.0, name.score))
                yield _match(marked, supplier, name, score, f"name like {name.raw}")


def page_domains(marked: Marked) -> Iterator[Candidate[str]]:
    """The domains of e-mail addresses and web sites on the page, those of mail providers left out."""
    buyer = {id(segment) for segment in buyer_block(marked)}
    for segment in marked.sheet.segments:
        for found in DOMAIN.finditer(segment.text):
            for domain in domains(found[0]):
                weight = 0.4 if id(segment) in buyer else 1.0
                yield Candidate(domain, weight, segment.between(*found.span()), domain)


def domains(text: str) -> list[str]:
    """The registered names of the domains in a text, without host names and public mail providers."""
    parts = [found[1].lower().split(".") for found in DOMAIN.finditer(text)]
    registered = [labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:] for labels in parts]  # noqa: PLR2004
    return [".".join(labels) for labels in registered if labels[0] not in PUBLIC_MAIL]


def _plain(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())


def _bare(website: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", website.strip().lower()).partition("/")[0]
