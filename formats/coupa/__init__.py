"""Coupa's own standard layouts, one file each."""
