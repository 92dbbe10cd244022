"""Flows: one file for each kind of exchange, each a table of contents."""

from collections.abc import Callable

from exchange.batches.batch import Batch
from exchange.flow import FlowName
from exchange.flows import accounts, invoice_updates, invoices, ok2pay, payments, purchase_orders, receipts, suppliers

FLOWS: dict[str, Callable[[Batch], None]] = {
    FlowName.SUPPLIERS: suppliers.run,
    FlowName.ACCOUNTS: accounts.run,
    FlowName.PURCHASE_ORDERS: purchase_orders.run,
    FlowName.RECEIPTS: receipts.run,
    FlowName.INVOICES: invoices.run,
    FlowName.INVOICE_UPDATES: invoice_updates.run,
    FlowName.OK2PAY: ok2pay.run,
    FlowName.PAYMENTS: payments.run,
}
