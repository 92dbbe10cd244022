"""The supplier master, indexed by every sign that an invoice may carry of its sender."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from rapidfuzz import fuzz, process

from capture.fields.supplier import Directory
from formats.documents import Invoice, Supplier
from formats.normalise import normalise_number, supplier_key

SIMILAR = 70  # names less alike than this (0 to 100) are not worth a look
FEW = 5
CANDIDATES = "supplier-candidates"  # the key of ``Invoice.other`` under which a reader names those that fit, by number


class SupplierMaster:
    """All suppliers that Coupa knows; look-ups take the same time however many there are, but for similar names."""

    def __init__(self, suppliers: Iterable[Supplier]) -> None:
        self.suppliers = list(suppliers)

    def find(self, invoice: Invoice) -> tuple[Supplier | None, tuple[Supplier, ...]]:
        """Return the supplier by number, cXML identity or exact name, else None and those that share another sign.

        Coupa: Invoices Import finds the supplier by number, then by name; cXML invoices by their credential.
        """
        if invoice.supplier_number:
            return self._by_number.get(invoice.supplier_number), ()
        identity = invoice.other.get("supplier-identity", "")
        for found in (self._by_identity[identity], self._by_name[supplier_key(invoice.supplier_name)]):
            if len(found) == 1:
                return found[0], ()
        return None, tuple({one.number: one for one in self._alike(invoice)}.values())

    @cached_property
    def directory(self) -> Directory:
        """The suppliers as a reader of pages looks them up."""
        return Directory.of(self.suppliers)

    def _alike(self, invoice: Invoice) -> Iterator[Supplier]:
        read = invoice.other.get(CANDIDATES, "").split("\n")
        yield from (self._by_number[number] for number in read if number in self._by_number)
        yield from self._by_tax_id[normalise_number(invoice.supplier_tax_id)]
        yield from self._by_iban[normalise_number(invoice.iban)]
        yield from self._by_name[supplier_key(invoice.supplier_name)]
        if invoice.supplier_name:
            hits = process.extract(
                supplier_key(invoice.supplier_name), self._names, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=FEW
            )
            yield from (self.suppliers[index] for _, _, index in hits)

    @cached_property
    def _by_number(self) -> dict[str, Supplier]:
        return {supplier.number: supplier for supplier in self.suppliers if supplier.number}

    @cached_property
    def _by_identity(self) -> "defaultdict[str, list[Supplier]]":
        return self._index(lambda supplier: supplier.duns)

    @cached_property
    def _by_name(self) -> "defaultdict[str, list[Supplier]]":
        return self._index(lambda supplier: supplier_key(supplier.name))

    @cached_property
    def _by_tax_id(self) -> "defaultdict[str, list[Supplier]]":
        return self._index(lambda supplier: normalise_number(supplier.tax_id))

    @cached_property
    def _by_iban(self) -> "defaultdict[str, list[Supplier]]":
        return self._index(lambda supplier: normalise_number(supplier.iban))

    @cached_property
    def _names(self) -> dict[int, str]:
        return {index: supplier_key(supplier.name) for index, supplier in enumerate(self.suppliers)}

    def _index(self, sign: Callable[[Supplier], str]) -> "defaultdict[str, list[Supplier]]":
        index: defaultdict[str, list[Supplier]] = defaultdict(list)
        for supplier in self.suppliers:
            if key := sign(supplier):
                index[key].append(supplier)
        return index
