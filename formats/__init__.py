"""Formats translates: bytes to documents and back. It opens no file, no socket and no clock."""
