"""The chart of accounts (Coupa: Account Import); Coupa has no account export, so the lockbox gets this layout too."""

from formats import rules
from formats.documents import Account
from formats.layout import Batch, Flag, Table, Text, numbered


class AccountImport(Table[Account]):
    """One row for each account: its chart of accounts and up to 20 segments, without a gap."""

    name = "account-import"
    makes = Account
    record = "segments[]"
    fields = (
        Text("Name", 1024, to="name"),
        Flag("Active*", to="active", binary=True, filled=True),
        Text("Chart of Accounts*", 50, to="chart_of_accounts", filled=True),
        Text("Segment 1*", 100, to="segments[]", filled=True),
        *numbered(Text("Segment {}", 100, to="segments[]"), 20, first=2),
    )

    @classmethod
    def verify(cls, parts: list[Account], batch: Batch) -> None:
        """Refuse accounts whose used segments have a gap."""
        for index, account in enumerate(parts):
            if "" in account.segments:
                gap = f"Segment {account.segments.index('') + 1}"
                batch.refuse(index, gap, rules.SEGMENT_GAP, "is blank, and a later segment is not")
