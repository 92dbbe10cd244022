"""Batches: one run of one flow, and the verbs that flows are written in."""
