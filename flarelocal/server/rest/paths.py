"""Which paths belong to the REST API."""

from __future__ import annotations

import re

__all__ = ["PREFIX", "STORES"]

PREFIX = re.compile(r"/client/v4/accounts/[^/]+/queues(?=/|$)")
"""Any account; other paths below `/client/v4` are the Worker's."""

STORES = re.compile(
    r"/client/v4/accounts/[^/]+/"
    r"(d1/database|storage/kv/namespaces|r2/buckets|analytics_engine/sql)(?=/|$)"
)
"""The same for the API of D1, KV, R2 and Analytics Engine."""
