"""Cloudflare's REST API of D1, KV, R2 and Analytics Engine."""
