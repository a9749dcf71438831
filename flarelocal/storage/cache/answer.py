"""What of a stored response a request gets: conditions and ranges of RFC 7232 and 7233."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flarelocal.dataclass import dataclass
from flarelocal.storage.cache.cache import Stored
from flarelocal.storage.cache.policy import http_date_ms

__all__ = ["Answer", "Part", "answer"]

_ETAG = re.compile(r'(?:W/)?"(.+)"', re.DOTALL)
_UNIT = re.compile(r" *bytes *=", re.IGNORECASE)
_BOUNDS = re.compile(r" *(\d+)? *- *(\d+)? *", re.ASCII)
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a body: the bytes from `start` up to and without `end`."""

    start: int
    end: int

    def header(self, size: int) -> str:
        """Content-Range for it."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request is answered.

    Attributes:
        parts: what of the body is given; several become one in MIME's multipart.
    """

    status: int
    headers: dict[str, str]
    parts: tuple[Part, ...] = ()


def answer(request: Mapping[str, str], stored: Stored) -> Answer:
    """The answer to a request with these headers, by name in lower case."""
    hit = {"cf-cache-status": "HIT"}
    headers = {**stored.headers, **hit}
    wanted = request.get("range")
    parts = [] if wanted is None else _parts(wanted, stored.size)
    if parts is None:
        return Answer(416, {**hit, "content-range": f"bytes */{stored.size}"})
    if _unchanged(request, headers):
        return Answer(304, headers)
    if not parts:
        return Answer(stored.status, headers, (Part(0, stored.size),))
    if len(parts) == 1:
        [part] = parts
        headers["content-range"] = part.header(stored.size)
        headers["content-length"] = str(part.end - part.start)
    return Answer(206, headers, tuple(parts))


def _unchanged(request: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    etag = _tag(headers.get("etag", ""))
    asked = request.get("if-none-match")
    if etag is not None and asked is not None and _names(asked, etag):
        return True
    since = _date_ms(request.get("if-modified-since", ""))
    modified = _date_ms(headers.get("last-modified", ""))
    return since is not None and modified is not None and modified <= since


def _names(asked: str, etag: str) -> bool:
    return asked.strip() == "*" or etag in map(_tag, asked.split(","))


def _tag(text: str) -> str | None:
    found = _ETAG.fullmatch(text.strip())
    return found[1] if found else None


def _date_ms(text: str) -> int | None:
    return http_date_ms(text) if _DATE.fullmatch(text) else None


def _parts(header: str, size: int) -> list[Part] | None:
    """The parts that a header Range names, none for the whole; None if there are no such parts."""
    unit = _UNIT.match(header)
    if unit is None:
        return None
    if not header[unit.end() :].strip(" "):
        return []
    parts: list[Part] = []
    for text in header[unit.end() :].split(","):
        bounds = _BOUNDS.fullmatch(text)
        if bounds is None or bounds.groups() == (None, None):
            return None
        first, last = bounds.groups()
        if first is None:
            suffix = int(last)
            if suffix >= size:
                return []
            if suffix:
                parts.append(Part(size - suffix, size))
            continue
        start = int(first)
        if start >= size or (last is not None and start > int(last)):
            return None
        parts.append(Part(start, size if last is None else min(int(last) + 1, size)))
    return parts
