"""HTTP: the Worker's traffic, and the endpoints that fire its other handlers."""
