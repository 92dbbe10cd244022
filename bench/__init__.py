"""Measurements, always side by side: run them by `make bench`."""
