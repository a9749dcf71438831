"""Cloudflare's REST API for queues, so that its official clients work unmodified."""
