"""Payments back from each ERP: what was paid on which invoice, one declaration an ERP.

The columns are the fields of the ERP's own tables or entities, as an extract names them; a customer who exports them
under other names lays a template over the declaration. The generic file is Coupa's own (Invoice Payment Import).
"""

from collections.abc import Mapping
from typing import Final

from formats.coupa.payments import InvoicePaymentImport
from formats.documents import Payment
from formats.layout import Amount, Column, Date, Flag, Layout, Table, Text

SAP: Final[tuple[Column, ...]] = (
    Text("BUKRS", 4),
    Text("LIFNR", 255, to="supplier_number", filled=True),
    Text("NAME1", 100, to="supplier_name"),
    Text("XBLNR", 40, to="invoice_number", filled=True),
    Date("BLDAT", to="invoice_date", style="%Y%m%d"),
    Text("WAERS", 5, to="currency"),
    Amount("WRBTR", 32, 4, to="amount", filled=True),
    Text("AUGBL", 255, to="number", filled=True),
    Date("AUGDT", to="date", style="%Y%m%d", filled=True),
    Text("SGTXT", 255, to="note"),
)
ORACLE: Final[tuple[Column, ...]] = (
    Text("VENDOR_NUM", 255, to="supplier_number", filled=True),
    Text("VENDOR_NAME", 100, to="supplier_name"),
    Text("INVOICE_NUM", 40, to="invoice_number", filled=True),
    Date("INVOICE_DATE", to="invoice_date", style="%Y/%m/%d"),
    Text("PAYMENT_CURRENCY_CODE", 15, to="currency"),
    Amount("AMOUNT", 32, 4, to="amount", filled=True),
    Text("CHECK_NUMBER", 255, to="number", filled=True),
    Date("CHECK_DATE", to="date", style="%Y/%m/%d", filled=True),
    Flag("PAYMENT_STATUS_FLAG", to="paid"),
    Text("DESCRIPTION", 255, to="note"),
)
NETSUITE: Final[tuple[Column, ...]] = (
    Text("Vendor", 255, to="supplier_number", filled=True),
    Text("Vendor Name", 100, to="supplier_name"),
    Text("Reference No.", 40, to="invoice_number", filled=True),
    Date("Bill Date", to="invoice_date", style="%m/%d/%Y"),
    Text("Currency", 15, to="currency"),
    Amount("Payment Amount", 32, 4, to="amount", filled=True),
    Text("Check #", 255, to="number", filled=True),
    Date("Date", to="date", style="%m/%d/%Y", filled=True),
    Text("Memo", 255, to="note"),
)
DYNAMICS: Final[tuple[Column, ...]] = (
    Text("COMPANY", 4),
    Text("ACCOUNTDISPLAYVALUE", 255, to="supplier_number", filled=True),
    Text("VENDORNAME", 100, to="supplier_name"),
    Text("MARKEDINVOICE", 40, to="invoice_number", filled=True),
    Text("CURRENCYCODE", 15, to="currency"),
    Amount("DEBITAMOUNT", 32, 4, to="amount", filled=True),
    Text("PAYMENTREFERENCE", 255, to="number", filled=True),
    Date("TRANSACTIONDATE", to="date", filled=True),
    Text("TRANSACTIONTEXT", 255, to="note"),
)


class SapPayments(Table[Payment]):
    """Cleared vendor items of SAP FI (table BSAK): one row for each invoice that a clearing document paid."""

    name = "sap-payments"
    makes = Payment
    record = "invoice_number"
    fields = SAP


class OraclePayments(Table[Payment]):
    """Payments of Oracle Payables (AP_INVOICE_PAYMENTS_ALL, AP_CHECKS_ALL): one row for each invoice and payment."""

    name = "oracle-payments"
    makes = Payment
    record = "invoice_number"
    fields = ORACLE


class NetsuitePayments(Table[Payment]):
    """Bill payments of NetSuite, by a saved search with one row for each bill that a payment applies to."""

    name = "netsuite-payments"
    makes = Payment
    record = "invoice_number"
    fields = NETSUITE


class DynamicsPayments(Table[Payment]):
    """Lines of Dynamics 365 Finance's vendor payment journal that are marked against an invoice."""

    name = "dynamics-365-payments"
    makes = Payment
    record = "invoice_number"
    fields = DYNAMICS


LAYOUTS: Final[Mapping[str, type[Layout[Payment]]]] = {
    layout.name: layout
    for layout in (InvoicePaymentImport, SapPayments, OraclePayments, NetsuitePayments, DynamicsPayments)
}
