"""Watching over the exchange: how it is, who is told, and what other programs may ask."""
