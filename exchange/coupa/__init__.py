"""Coupa's REST API: what may be asked of it, how fast, and what its answers mean."""
