"""One business day: what the suppliers printed, what the lockbox made of it, and what Coupa knew that morning."""
