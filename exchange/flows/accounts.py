"""The flow of accounts from Coupa to the lockbox."""

from exchange.batches import masters, outbound
from exchange.batches.batch import Batch
from exchange.batches.entries import entry
from exchange.batches.masters import Master
from exchange.coupa.resources import Coupa
from formats.coupa.accounts import AccountImport

ACCOUNTS = Master(name="Accounts", folder="Accounts", layout=AccountImport, fetch=Coupa.accounts, entry=entry)


def run(batch: Batch) -> None:
    """Read what changed at Coupa, write it for the lockbox, send it, tidy up."""
    found = masters.read(batch, ACCOUNTS)
    masters.send_changes(batch, ACCOUNTS, found)
    outbound.publish(batch)
    masters.tidy(batch, ACCOUNTS)
