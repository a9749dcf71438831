"""Which of several Workers a request is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flarelocal.config import WorkerConfig
from flarelocal.dataclass import dataclass

__all__ = ["Routes"]

_PROTOCOL = r"(?is)([a-z0-9+\-.]+)://(.*)"


@dataclass(frozen=True, slots=True)
class _Route:
    """A pattern, taken to pieces.

    Attributes:
        host: all of it, or its end after a `*`.
        path: all of it, query included, or its beginning before a `*`.
        specificity: of several routes that match, the one with the highest counts.
    """

    worker: str
    protocol: str | None
    any_prefix: bool
    host: str
    path: str
    any_suffix: bool
    specificity: tuple[int, int]

    def matches(self, protocol: str, host: str, path: str) -> bool:
        """Whether a request is for the Worker."""
        return (
            self.protocol in (None, protocol)
            and (host.endswith(self.host) if self.any_prefix else host == self.host)
            and (path.startswith(self.path) if self.any_suffix else path == self.path)
        )


class Routes:
    """The `routes` of Workers, matched as Cloudflare's router does (miniflare, core/routing.ts)."""

    def __init__(self, workers: Iterable[WorkerConfig]) -> None:
        found = [
            _parsed(worker.name, route.pattern, whole=route.custom_domain)
            for worker in workers
            for route in worker.routes
        ]
        self._routes = sorted(found, key=lambda route: route.specificity, reverse=True)

    def worker(self, url: str) -> str | None:
        """The name of the Worker that gets requests to an absolute URL; None if no route says."""
        if not self._routes:
            return None
        parts = urlsplit(url)
        host = parts.hostname or ""
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        for route in self._routes:
            if route.matches(parts.scheme, host, path):
                return route.worker
        return None


def _parsed(worker: str, pattern: str, *, whole: bool) -> _Route:
    """Take a pattern to pieces.

    Args:
        whole: it is a custom domain, which has every path.
    """
    given = re.fullmatch(_PROTOCOL, pattern)
    protocol, rest = (given[1].lower(), given[2]) if given else (None, pattern)
    host, _, path = rest.partition("/")
    path = "/*" if whole else f"/{path}"
    levels, folders = host.split("."), path.split("/")
    host_score = len(levels) - 2 * (levels[0] == "*")
    path_score = len(folders) - 2 * (folders[-1] == "*")
    return _Route(
        worker,
        protocol,
        host.startswith("*"),
        host.removeprefix("*").lower(),
        path.removesuffix("*"),
        path.endswith("*"),
        (host_score * 26 + path_score, len(pattern)),
    )
