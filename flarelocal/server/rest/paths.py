"""Which paths belong to the REST API."""

from __future__ import annotations

import re

__all__ = ["PREFIX"]

PREFIX = re.compile(r"/client/v4/accounts/[^/]+/queues(?=/|$)")
"""Any account; other paths below `/client/v4` are the Worker's."""
