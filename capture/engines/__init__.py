"""Engines: one file for each program that reads pictures; this room is the only one that starts programs."""

from capture.engines.choice import Engines, available

__all__ = ["Engines", "available"]
