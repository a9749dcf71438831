"""`crypto`: random values, digests, and keys with what can be done with them."""
