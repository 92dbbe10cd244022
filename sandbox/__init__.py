"""Sandbox pretends to be the other parties: a Coupa, a lockbox and an ERP. It imports nothing of the product."""
