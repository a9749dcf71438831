"""Who may use the local endpoints: browsers on other sites may not."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

__all__ = ["refusal"]

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def refusal(headers: Iterable[tuple[bytes, bytes]], listening: str) -> str | None:
    """Why a request to `/cdn-cgi/*` is refused, None if it is not (miniflare, `entry.worker.ts`).

    Args:
        listening: the address that the server was told to listen on.
    """
    allowed = _LOCAL | {listening}
    for name, value in headers:
        if name == b"host" and _host(f"//{value.decode('latin-1')}") not in allowed:
            return "Invalid Host header"
        if name == b"origin" and _host(value.decode("latin-1")) not in allowed:
            return "Invalid Origin header"
    return None


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host
