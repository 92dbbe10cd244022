"""The ledger's migrations, numbered, from the first day."""
