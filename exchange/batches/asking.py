"""Asking the supplier: the letter about a held invoice, to whom it goes, and the note that it was asked."""

from dataclasses import dataclass
from email.message import EmailMessage

from exchange.batches import entries, reviewing
from exchange.batches.world import World
from exchange.errors import ExchangeError
from exchange.ledger import events, records, reference
from formats import stored
from formats.documents import Supplier

SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter to a supplier; ``to`` is "" when the supplier master has no address of theirs."""

    to: str
    subject: str
    body: str

    def mail(self) -> str:
        """Return the letter as a mail (RFC 5322), ready for a mail program or `sendmail -t`."""
        message = EmailMessage()
        message["To"], message["Subject"] = self.to, self.subject
        message.set_content(self.body)
        return message.as_string()


def ask(world: World, record_id: int, who: str) -> Asked:
    """Return the letter about a held record, and write down that its supplier was asked.

    ExchangeError when there is nothing to ask the supplier; NotFoundError when there is no such record.
    """
    waiting = reviewing.one(world, record_id)
    if not waiting.letter:
        raise ExchangeError(f"Record {record_id} waits for nothing that its supplier could say.")
    head, _, body = waiting.letter.partition("\n")
    with world.ledger.write() as tx:
        number = records.get(tx, record_id)["supplier_number"]
        known = reference.get(tx, entries.SUPPLIER, number)
        to = stored.load(Supplier, known).email if known else ""
        asked = Asked(to=to, subject=head.removeprefix(SUBJECT), body=body.strip())
        detail = {"to": to, "subject": asked.subject}
        events.append(
            tx, events.Event(at=world.clock(), what=reviewing.ASKED, who=who, record_id=record_id, detail=detail)
        )
    return asked
