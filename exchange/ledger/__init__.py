"""The ledger: all that is remembered. Whatever it does not say did not happen."""
