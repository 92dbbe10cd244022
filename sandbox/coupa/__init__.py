"""Coupa as the sandbox pretends it: the rules of its documents (``domain``) and its REST API (``app``).

[I] marks in these modules what Coupa's public pages do not say and was inferred.
"""
