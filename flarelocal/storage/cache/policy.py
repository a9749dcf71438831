"""Which responses may be kept, and for how long: RFC 7234 as a shared cache reads it.

Source: workerd's local cache, whose rules are those of the npm package http-cache-semantics.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from email.utils import format_datetime, parsedate_to_datetime

from flarelocal.dataclass import dataclass

__all__ = ["Policy", "http_date_ms", "policy_of"]

_UNDERSTOOD = frozenset({200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501})
_BY_DEFAULT = _UNDERSTOOD - {302, 303, 307}
_NOT_KEPT = frozenset(
    {
        "connection",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_PRIVATE_COOKIE = "private=set-cookie"
_NOTE = re.compile(r"\s*1\d\d", re.ASCII)
_INTEGER = re.compile(r"\s*([+-]?\d+)", re.ASCII)
_IMMUTABLE_S = 24 * 3600
_HEURISTIC = 0.1

Directives = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """How a response is kept.

    Attributes:
        headers: those that are kept, by name in lower case.
        age_s: how old it is already.
        ttl_ms: for how long it may be given; 0: not at all.
    """

    headers: Mapping[str, str]
    age_s: int
    ttl_ms: int


def policy_of(
    request: Mapping[str, str], status: int, response: Mapping[str, str], now_ms: int
) -> Policy | None:
    """The policy of a response; None if it may not be stored.

    Args:
        request: its headers, by name in lower case; Cache-Control does not count.
        response: its headers.
    """
    headers = dict(response)
    control = headers.get("cache-control", "")
    if _PRIVATE_COOKIE in control.lower():
        cleaned = re.sub(f"{_PRIVATE_COOKIE};?", "", control.lower(), count=1)
        headers["cache-control"] = cleaned.strip()
        headers.pop("set-cookie", None)
    directives = _directives(headers)
    if "set-cookie" in headers or not _storable(request, status, headers, directives):
        return None
    age_s = max(0, _integer(headers.get("age", "")))
    fresh_s = _lifetime_s(headers, directives, now_ms) - age_s
    later_s = max(
        0, *(_integer(directives.get(name, "")) for name in ("stale-if-error", _REVALIDATE))
    )
    moment = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)
    kept = {name: value for name, value in headers.items() if name not in _NOT_KEPT}
    if notes := _lasting_notes(kept.pop("warning", "")):
        kept["warning"] = notes
    kept |= {"age": str(age_s), "date": format_datetime(moment, usegmt=True)}
    return Policy(kept, age_s, max(0, round((fresh_s + later_s) * 1000)))


_REVALIDATE = "stale-while-revalidate"


def http_date_ms(text: str) -> int | None:
    """Milliseconds since 1970 of a date of HTTP; None for another text."""
    try:
        return int(parsedate_to_datetime(text).timestamp() * 1000)
    except ValueError:
        return None


def _storable(
    request: Mapping[str, str], status: int, headers: Mapping[str, str], directives: Directives
) -> bool:
    if status not in _UNDERSTOOD or "no-store" in directives or "private" in directives:
        return False
    for_all = {"must-revalidate", "public", "s-maxage"}
    if "authorization" in request and not for_all & directives.keys():
        return False
    explicit = headers.get("expires") or {"max-age", "s-maxage", "public"} & directives.keys()
    return bool(explicit) or status in _BY_DEFAULT


def _lifetime_s(headers: Mapping[str, str], directives: Directives, now_ms: int) -> float:
    """For how many s the response is fresh from its beginning."""
    if {"no-cache", "proxy-revalidate"} & directives.keys():
        return 0
    for name in ("s-maxage", "max-age"):
        if directives.get(name):
            return _integer(directives[name])
    least_s = _IMMUTABLE_S if "immutable" in directives else 0
    date_ms = http_date_ms(headers.get("date", "")) or now_ms
    if headers.get("expires"):
        expires_ms = http_date_ms(headers["expires"])
        if expires_ms is None or expires_ms < date_ms:
            return 0
        return max(least_s, (expires_ms - date_ms) / 1000)
    modified_ms = http_date_ms(headers.get("last-modified", ""))
    if modified_ms is not None and modified_ms < date_ms:
        return max(least_s, (date_ms - modified_ms) / 1000 * _HEURISTIC)
    return least_s


def _directives(headers: Mapping[str, str]) -> Directives:
    """What Cache-Control says; "" for a directive with an empty value, which counts as absent."""
    if "cache-control" not in headers:
        return {"no-cache": "true"} if "no-cache" in headers.get("pragma", "") else {}
    found: dict[str, str] = {}
    for part in headers["cache-control"].split(","):
        name, separator, value = part.partition("=")
        value = value.partition("=")[0].strip().removeprefix('"').removesuffix('"')
        found[name.strip()] = value if separator else "true"
    return {name: value for name, value in found.items() if value}


def _integer(text: str) -> int:
    found = _INTEGER.match(text)
    return int(found[1]) if found else 0


def _lasting_notes(warning: str) -> str:
    """A header Warning without what is only true of one delivery."""
    return ",".join(part for part in warning.split(",") if part and not _NOTE.match(part)).strip()
