"""The Header row of Ok2Pay (Coupa: Invoices Export)."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from formats.documents import ChargeKind, Invoice
from formats.layout import Amount, Date, Flag, Integer, Keyword, Moment, Row, Text, Values
from formats.shortcuts import read_charges, read_taxes, write_charges, write_taxes

CHARGES: Final = {
    ChargeKind.HANDLING: "handling-amount",
    ChargeKind.MISC: "misc-amount",
    ChargeKind.SHIPPING: "shipping-amount",
}
TAX: Final = {"amount": "header-tax-amount", "rate": "header-tax-rate", "code": "header-tax-code"}
CREDIT_NOTE: Final = "Credit Note"


class HeaderRow(Row):
    """The head of an approved or voided invoice.

    ``total`` leaves out the taxes of lines, so ``gross-total`` is the amount payable; releases without it have
    ``total`` only, which is taken where there are no taxes by line. Two types that the page mixed up are put right.
    """

    keyword = "Header"
    makes = Invoice
    record = "number"
    fields = (
        Keyword("type"),
        Integer("id", to="id"),
        Moment("created-at"),
        Moment("updated-at", to="updated_at"),
        Text("status", 50, to="status"),
        Text("internal-note"),
        Date("invoice-date", to="date"),
        Date("delivery-date", to="delivery_date"),
        Text("invoice-number", 40, to="number"),
        Flag("line-level-taxation", to="line_level_taxation"),
        Text("supplier-note", to="note"),
        Amount("header-tax-amount", to="tax.amount"),
        Amount("header-tax-rate", to="tax.rate"),
        Text("header-tax-code", 255, to="tax.code"),
        Flag("paid", to="paid"),
        Moment("payment-date"),
        Text("payment-notes"),
        Flag("exported", to="exported"),
        Integer("account-type-id"),
        Text("account-type-name", 50, to="chart_of_accounts"),
        Text("payment-term", 255, to="payment_terms"),
        Amount("handling-amount", 32, 4, to="charge.HANDLING"),
        Amount("misc-amount", 32, 4, to="charge.MISC"),
        Amount("shipping-amount", 32, 4, to="charge.SHIPPING"),
        Amount("total", 46, 20),
        Text("currency", 6, to="currency"),
        Amount("accounting-total-amount", 30, 4),
        Text("accounting-total-currency", 6),
        Integer("supplier-id"),
        Text("supplier-name", 100, to="supplier_name"),
        Text("supplier-number", 255, to="supplier_number"),
        Text("created-by-email", 255),
        Text("created-by-employee-number", 255),
        Text("created-by-login", 255),
        Text("updated-by-email", 255),
        Text("updated-by-employee-number", 255),
        Text("updated-by-login", 255),
        Text("attachment-texts", 255),
        Text("comments", 255),
        Text("remit-to-address-code", 255),
        Text("remit-to-address-attention", 255),
        Text("remit-to-address-street1", 100),
        Text("remit-to-address-street2", 100),
        Text("remit-to-address-city", 50),
        Text("remit-to-address-state", 50),
        Text("remit-to-address-postal-code", 50),
        Text("remit-to-address-country-code", 4),
        Text("remit-to-address-country-name", 100),
        Text("remit-to-address-name", 255),
        Text("remit-to-address-vat-number", 255),
        Text("remit-to-address-vat-country-code", 4),
        Text("remit-to-address-vat-country-name", 100),
        Text("supplier-vat-number", 255, to="supplier_tax_id"),
        Text("supplier-vat-country-code", 4),
        Text("document-type", 255, to="document_type"),
        Text("original-invoice-number", 40, to="original_number"),
        Date("original-invoice-date", to="original_date"),
        Text("canceled"),
        Text("bill-to-address-legal-entity-name", 255),
        Text("bill-to-address-attention", 255),
        Text("bill-to-address-street1", 100),
        Text("bill-to-address-street2", 100),
        Text("bill-to-address-city", 50),
        Text("bill-to-address-state", 50),
        Text("bill-to-address-postal-code", 50),
        Text("bill-to-address-country-code", 4),
        Text("bill-to-address-country-name", 100),
        Text("bill-to-address-name", 255),
        Text("ship-to-address-attention", 255),
        Text("ship-to-address-street1", 100),
        Text("ship-to-address-street2", 100),
        Text("ship-to-address-city", 50),
        Text("ship-to-address-state", 50),
        Text("ship-to-address-postal-code", 50),
        Text("ship-to-address-country-code", 4),
        Text("ship-to-address-country-name", 100),
        Text("ship-to-address-name", 255),
        Text("supplier-remit-to-code", 255, to="remit_to_code"),
        Text("supplier-remit-to-supplier-name", 255),
        Text("supplier-remit-to-street1", 255),
        Text("supplier-remit-to-street2", 255),
        Text("supplier-remit-to-city", 255),
        Text("supplier-remit-to-state", 255),
        Text("supplier-remit-to-postal-code", 255),
        Text("supplier-remit-to-country-code", 4),
        Text("supplier-remit-to-country-name", 100),
        Text("Fiscal Rep. Name", 255),
        Text("Fiscal Rep. VAT ID", 255),
        Text("Fiscal Rep. Address Code", 255),
        Text("Fiscal Rep. Address Street 1", 100),
        Text("Fiscal Rep. Address Street 2", 100),
        Text("Fiscal Rep. Address City", 50),
        Text("Fiscal Rep. Address State", 50),
        Text("Fiscal Rep. Address Postal Code", 50),
        Text("Fiscal Rep. Address Country Code", 4),
        Moment("discount_due_date"),
        Date("net_due_date", to="due_date"),
        Amount("discount_amount", 32, 4),
        Text("late-payment-penalties", 255),
        Text("margin-scheme", 255),
        Text("cash-accounting-scheme-reference", 255),
        Amount("exchange-rate", 30, 9),
        Text("early-payment-provisions", 255),
        Moment("pre-payment-date"),
        Text("reverse-charge-reference", 255),
        Amount("discount-percent"),
        Amount("credit-note-differences-with-original-invoice", 30, 4),
        Text("customs-declaration-number", 60),
        Text("customs-office"),
        Moment("customs-declaration-date"),
        Text("payment-order-reference", 255),
        Text("payment-order-number"),
        Text("Resolution Number"),
        Amount("advance-payment-received-amount", 30, 4),
        Text("series", 30),
        Text("folio-number", 255),
        Text("buyer-representative-name"),
        Text("supplier-representative-name"),
        Text("payment-schedule-terms"),
        Text("vat-chargeability-system"),
        Text("customer-account-number"),
        Text("use-of-invoice", 10),
        Text("form-of-payment", 10),
        Text("type-of-receipt", 10),
        Text("payment-method", 10),
        Text("issuance-place", 255),
        Text("confirmation", 255),
        Amount("withholding-tax-override", 30, 3),
        Text("type-of-relationship", 10),
        Text("invoice-reference-number", 255),
        Amount("gross-total", to="control_total"),
        Text("registered-company-registration-number", 255),
        Text("registered-company-place-of-registration", 255),
        Text("registered-company-type", 255),
        Text("registered-company-managing-directors", 255),
        Text("credit-reason", 255),
        Text("registered-company-permit-number", 255),
        Text("registered-company-permit-date", 255),
        Text("registered-company-liquidator-name", 255),
        Text("registered-company-share-capital", 255),
        Text("Tax Nature", 255),
        Text("registered-company-unique-shareholder", 255),
        Text("registered-company-liable-company", 255),
        Text("registered-company-tax-regime", 255),
        Text("registered-company-legal-status", 255),
        Text("QST Registration Number", 255),
        Text("Authorised Person", 255),
        Text("Authorised Person Address", 255),
        Text("Authorised Person VAT ID", 255),
        Moment("Date of Registration"),
        Text("Sole Registration Code", 255),
        Text("registered-company-mercantile-register"),
        Amount("origin-currency-net", 32, 4),
        Amount("taxes-in-origin-country-currency", 32, 4),
        Amount("origin-currency-gross", 32, 4),
        Text("self-billing-reference", 191),
        Text("registered-company-legal-type", 255),
        Text("registered-company-registered-seat", 255),
        Text("registered-company-chairman-of-the-board", 255),
        Text("registered-company-court-of-registration", 255),
        Text("registered-company-liquidation-remark", 255),
        Text("registered-company-commercial-register-number", 255),
        Text("registered-company-license-number"),
        Text("registered-company-register-legal-entities"),
        Text("registered-company-name"),
        Text("company-in-examinership"),
        Text("company-is-being-wound-up"),
        Text("company-receiver-appointed"),
        Text("preference-agreement"),
        Text("file-reference-number"),
        Text("number-of-issued-stocks"),
        Text("issued_share-capital"),
        Text("supplier-telephone-number"),
        Text("permanent-account-number"),
        Text("Disputed Invoice Number", 40),
        Text("Channel", 80),
        Amount("Taxable Amount", 32, 4),
        Text("invoice-from-code", 255),
        Text("invoice-from-supplier-name", 100),
        Text("invoice-from-street1", 100),
        Text("invoice-from-street2", 100),
        Text("invoice-from-city", 50),
        Text("invoice-from-state", 50),
        Text("invoice-from-postal-code", 50),
        Text("invoice-from-country-code", 4),
        Text("invoice-from-country-name", 100),
        Text("ship-from-code", 255),
        Text("ship-from-supplier-name", 100),
        Text("ship-from-street1", 100),
        Text("ship-from-street2", 100),
        Text("ship-from-city", 50),
        Text("ship-from-state", 50),
        Text("ship-from-postal-code", 50),
        Text("ship-from-country-code", 4),
        Text("ship-from-country-name", 100),
        Text("supplier-tax-registration-number", 255),
        Text("supplier-tax-registration-country-code", 100),
        Text("supplier-tax-registration-country-name", 4),
        Flag("supplier-tax-registration-local"),
        Text("buyer-tax-registration-number", 255),
        Text("buyer-tax-registration-country-code", 100),
        Text("buyer-tax-registration-country-name", 4),
        Flag("buyer-tax-registration-local"),
        Text("dispute-method", 10),
        Flag("is-ers-invoice"),
        Date("date-received"),
        Text("sender-email"),
        Text("inbox-name"),
        Amount("amount-due", 46, 6),
        Amount("tax-due-to-supplier", 46, 6),
        Amount("customer-accounting-tax", 46, 6),
        Text("payment-channel", 40),
        Moment("date-of-discovery-of-facts-decisive-for-correction"),
        Text("place-of-supply", 255),
        Flag("split-payment-mechanism"),
        Amount("gross-total-less-discount", 32, 4),
        Amount("net-total-less-discount", 32, 4),
        Amount("total-taxes-less-discount", 32, 4),
        Amount("customer-accounting-tax-less-discount", 32, 4),
        Amount("amount-due-less-discount", 32, 4),
        Text("endorsement-on-invoices", 255),
        Text("new-means-of-transport", 255),
        Text("place-of-issuance", 255),
        Amount("amount-of-advance-payment", 46, 20),
        Text("transaction-uuid", 50),
        Moment("transaction-notification-date"),
        Text("supplier-invoice-issuer-name", 255),
        Text("supplier-invoice_reviewer-name", 255),
        Text("supplier-payment-collector-name", 255),
        Text("invoice-issuance-time"),
        Text("cash-register-operator-id"),
        Text("means-of-payment"),
        Text("unique-identification-code-of-cash-receipt"),
        Text("security-code-of-issuer"),
        Text("state-tax-number"),
        Text("state-tax-number-for-substitute-taxpayer"),
        Text("municipal-tax-number"),
        Text("serial-code-of-fiscal-invoice"),
        Text("verification-code"),
        Text("type-of-document"),
        Text("protocol-number"),
        Text("nature-of-operation"),
        Text("type-of-operation"),
        Text("freight-type"),
        Text("vehicle-license-plate"),
        Text("national-enrollment-of-conveyor"),
        Text("volume-amount"),
        Text("volume-gross-weight"),
        Text("volume-liquid-weight"),
        Text("volume-brand"),
        Text("volume-type"),
        Text("volume-numbering"),
        Text("currency-tax-rounding-mode"),
        Text("payment-agreement-notes"),
        Integer("parent-invoice-header-id"),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the tax, the charges, the kind and the total of their columns."""
        read_taxes(values, others, TAX)
        read_charges(values, others, CHARGES)
        kinds = values.pop("document_type", None)
        if kinds:
            values["is_credit_note"] = [kind.casefold() == CREDIT_NOTE.casefold() for kind in kinds]
        nothing: Sequence[Any] = [None] * len(others)
        totals = zip(
            values.get("control_total", nothing), values.get("line_level_taxation", nothing), others, strict=True
        )
        values["control_total"] = [total_of(gross, by_line, other) for gross, by_line, other in totals]

    @classmethod
    def spread(cls, parts: Sequence[Invoice], values: Values) -> None:
        """Spread the tax, the charges and the kind over their columns."""
        write_taxes(parts, values, TAX)
        write_charges(parts, values, CHARGES)
        values["document_type"] = [CREDIT_NOTE if invoice.is_credit_note else "Invoice" for invoice in parts]

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], Invoice]]:
        """One row."""
        return (((), document),)


def total_of(gross: Decimal | None, by_line: object, other: dict[str, str]) -> Decimal | None:
    """Return the amount payable; None where no column says it."""
    if gross is not None or by_line or "total" not in other:
        return gross
    try:
        return Decimal(other["total"])
    except InvalidOperation:
        return None
