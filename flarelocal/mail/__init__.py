"""Mail: letters as RFC 5322 has them, and what Workers do with those that arrive."""
