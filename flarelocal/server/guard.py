"""Who may use the local endpoints: browsers on other sites may not."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

__all__ = ["refusal"]

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def refusal(
    headers: Iterable[tuple[bytes, bytes]], listening: str, routes: Iterable[str] = ()
) -> str | None:
    """Why a request to `/cdn-cgi/*` is refused, None if it is not (miniflare, `entry.worker.ts`).

    Args:
        listening: the address that the server was told to listen on.
        routes: patterns such as `*.example.com/*`, whose hosts may be those of requests.
    """
    allowed = {*_LOCAL, listening}
    domains = []
    for route in routes:
        host = route.rpartition("://")[2].partition("/")[0]
        if not host.startswith("*"):
            allowed.add(host)
        elif domain := host.lstrip("*").removeprefix("."):
            domains.append(domain)
    for name, value in headers:
        if name not in (b"host", b"origin"):
            continue
        text = value.decode("latin-1")
        host = _host(f"//{text}" if name == b"host" else text)
        if host not in allowed and not any(f".{host}".endswith(f".{each}") for each in domains):
            return f"Invalid {name.decode().title()} header"
    return None


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host
