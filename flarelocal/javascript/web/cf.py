"""`cf` of requests and responses: data for Cloudflare, kept as JSON (workerd, api/cf-property.c++).

A request tells how it is to be cached in several ways, which become one (workerd, api/http.c++).
"""

from __future__ import annotations

from flarelocal.javascript import json
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["cf_of", "copy_of_cf", "require_cf", "require_one_cache_control", "sent_cf"]

_NOT_CACHED = -1


def require_cf(value: Value, dictionary: str) -> None:
    """Refuse what is no object, as a member of an object of options.

    Args:
        dictionary: what the runtime calls such an object.

    Raises:
        JsError: TypeError.
    """
    if value is null or properties_of(value) is None:
        raise type_error(
            f"Incorrect type for the 'cf' field on '{dictionary}': the provided value is not of"
            " type 'Object'."
        )


def cf_of(value: Value) -> Value:
    """What is kept of an object.

    Raises:
        JsError: SyntaxError or TypeError for what has no JSON.
    """
    text = json.stringify(value)
    return json.parse("undefined" if text is None else text)


def copy_of_cf(cf: Value) -> Value:
    """The `cf` of a copy of a request or response."""
    return None if cf is None else cf_of(cf)


def require_one_cache_control(cf: Value, mode: Value) -> None:
    """Refuse a `cf` that says twice, or beside the cache mode, how to cache.

    Raises:
        JsError: TypeError.
    """
    known = properties_of(cf) or {}
    if known.get("cacheControl") is None:
        return
    if known.get("cacheTtl") is not None:
        raise type_error(
            "The 'cacheControl' and 'cacheTtl' options on cf are mutually exclusive. Use"
            " 'cacheControl' for explicit Cache-Control header directives, or 'cacheTtl' for a"
            " simplified TTL, but not both."
        )
    if mode is not None:
        raise type_error(
            "The 'cacheControl' option on cf cannot be used together with the 'cache' request"
            " option. The 'cache' option ('no-store'/'no-cache') maps to cache TTL behavior"
            " internally, which conflicts with explicit Cache-Control directives."
        )


def sent_cf(cf: Value, mode: str | None) -> Value:
    """The `cf` of a request as the other side sees it.

    Args:
        mode: the option `cache` of the request.

    Raises:
        JsError: TypeError for a lifetime beside the mode that stores nothing.
    """
    if mode is None and (cf is None or "cacheTtl" not in (properties_of(cf) or {})):
        return copy_of_cf(cf)
    sent: dict[str, Value] = {} if cf is None else cf_of(cf)
    if mode == "no-store":
        time = sent.setdefault("cacheTtl", _NOT_CACHED)
        if time != _NOT_CACHED:
            raise type_error(
                f"CacheTtl: {to_string(time)}, is not compatible with cache: no-store header."
            )
        sent["cacheLevel"] = "bypass"
    elif mode == "no-cache":
        sent["cacheForceRevalidate"] = True
    elif mode is None and "cacheControl" not in sent:
        control = _control(sent["cacheTtl"])
        if control is not None:
            sent["cacheControl"] = control
    return sent


def _control(time: Value) -> str | None:
    if time == _NOT_CACHED:
        return "no-store"
    return f"max-age={time}" if type(time) is int else None
