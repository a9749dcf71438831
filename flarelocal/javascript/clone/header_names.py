"""The header names that go by a number (`CommonHeaderName` in kj's http-over-capnp)."""

from __future__ import annotations

from typing import Final

__all__ = ["HEADER_NAMES", "HEADER_NUMBERS"]

HEADER_NAMES: Final = (
    "",
    "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept",
    "access-control-allow-origin", "age", "allow", "authorization", "cache-control",
    "content-disposition", "content-encoding", "content-language", "content-length",
    "content-location", "content-range", "content-type", "cookie", "date", "etag", "expect",
    "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range",
    "if-unmodified-since", "last-modified", "link", "location", "max-forwards",
    "proxy-authenticate", "proxy-authorization", "range", "referer", "refresh", "retry-after",
    "server", "set-cookie", "strict-transport-security", "transfer-encoding", "user-agent",
    "vary", "via", "www-authenticate",
)  # fmt: skip
"""The name of each number; 0 stands for any other name."""

HEADER_NUMBERS: Final = {name: number for number, name in enumerate(HEADER_NAMES) if name}
