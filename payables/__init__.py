"""Payables judges: pure functions over documents. No I/O of any kind; today is an argument."""
