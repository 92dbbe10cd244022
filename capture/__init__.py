"""Capture reads: pages become the same documents, each field with evidence. It decides nothing."""
