"""Durable Objects as Worker code sees them: namespaces, stubs, state and storage."""
