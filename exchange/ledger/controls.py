"""Switches: the kill switch is a row, so it holds for every process and survives a restart."""

import datetime as dt

from sqlalchemy import Connection, RowMapping, select

from exchange.ledger.schema import control

STOP = "stop"
RESTORED = "restored"  # its value is the moment of the backup: what was done after it is not in the ledger


def switch(tx: Connection, name: str, value: str, who: str, at: dt.datetime, *, active: bool) -> None:
    """Turn a switch on or off, with the reason given."""
    tx.execute(control.delete().where(control.c.name == name))
    tx.execute(control.insert().values(name=name, value=value, set_by=who, set_at=at, active=active))


def active(tx: Connection, name: str) -> RowMapping | None:
    """Return a switch that is on, None when it is off."""
    query = select(control).where(control.c.name == name, control.c.active.is_(True))
    return tx.execute(query).mappings().first()
