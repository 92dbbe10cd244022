"""Deliveries that are damaged, hostile, or changed from their originals: made on purpose, one defect each."""

from day import bills_eu as eu
from day import bills_my as my
from day.coupa_csv import invoices
from day.originals import original
from day.packing import packed


def one_bad() -> bytes:
    """Return three invoices of which the second has an impossible date."""
    return packed({
        "23-three-invoices-one-bad.csv": invoices(my.SACKS, my.BAD_DATE, my.GROCERIES),
        my.SACKS.image: original("sroie_109.jpg"),
        my.BAD_DATE.image: original("sroie_005.jpg"),
        my.GROCERIES.image: original("sroie_530.jpg"),
    })


def unclosed() -> bytes:
    """Return two invoices; a quote in the second line of the first one never closes."""
    whole = invoices(my.LUNCH, my.TEA)
    return packed({
        "24-unclosed-quote.csv": whole.replace(b'"BUTTER KAYA"', b'"BUTTER KAYA', 1),
        my.LUNCH.image: original("sroie_531.jpg"),
        my.TEA.image: original("sroie_434.jpg"),
    })


def wide() -> bytes:
    """Return two invoices in Windows-1252, the second's header with an unquoted comma."""
    whole = invoices(eu.CARD, eu.FLIGHT).decode()
    broken = whole.replace('"ABC123","Nettoresor AB"', '"ABC123",Nettoresor, AB', 1)
    return broken.encode("cp1252")


def attack() -> bytes:
    """Return a ZIP whose members climb out of the folder, beside a real invoice."""
    text = b"This file must never be written anywhere.\n"
    return packed({
        "26-path-traversal.csv": invoices(my.CAKE),
        "../../../../../../etc/cron.d/exchange": text,
        "..\\..\\Windows\\System32\\exchange.dll": text,
        "/tmp/exchange-owned.txt": text,
        my.CAKE.image: original("sroie_435.jpg"),
    })


def hostile_name() -> bytes:
    """Return a good delivery; its name is the attack."""
    return packed({"27.csv": invoices(my.NOODLES), my.NOODLES.image: original("sroie_529.jpg")})


def two_orders() -> bytes:
    """Return the cXML invoice over two orders with its sender's DUNS number and with the net amount that it bills."""
    return changed("cxml_invoice_backed_by_multiple_pos.xml", {
        b'<Credential domain="COUPA">\n            <Identity>SupplierID</Identity>':
            b'<Credential domain="DUNS">\n            <Identity>080464531</Identity>',
        b'<NetAmount>\n               <Money currency="USD">0</Money>':
            b'<NetAmount>\n               <Money currency="USD">220.00</Money>',
    })


def wrong_tax() -> bytes:
    """Return the cXML invoice with a wrong tax, with its sender's DUNS number and our order number."""
    return changed("cxml_invoice_taxes_at_total.xml", {
        b"<Identity>supplierid</Identity>": b"<Identity>117485239</Identity>",
        b'<DocumentReference payloadID="123" />': b'<DocumentReference payloadID="3000123" />',
    })


def changed(name: str, replacements: dict[bytes, bytes]) -> bytes:
    """Return an original with texts replaced; every one must be there."""
    content = original(name)
    for old, new in replacements.items():
        if old not in content:
            raise ValueError(f"{name} has no {old!r}")
        content = content.replace(old, new)
    return content
