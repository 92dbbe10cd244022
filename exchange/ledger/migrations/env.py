"""Alembic's entry: migrate over the connection that the ledger hands in."""

from alembic import context

from exchange.ledger.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
