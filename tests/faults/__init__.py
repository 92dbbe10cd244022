"""Faults: real processes are killed, frozen and cut off, and then the other side is counted."""
