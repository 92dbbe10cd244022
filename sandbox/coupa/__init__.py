"""Coupa as the sandbox pretends it: the rules of its documents (``domain``) and its REST API (``app``)."""
