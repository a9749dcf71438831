"""What the options of a request may say."""

from __future__ import annotations

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.signature import Options
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.cf import require_cf, require_one_cache_control
from flarelocal.javascript.web.headers import require_headers
from flarelocal.javascript.web.sender import Sender

__all__ = ["check_options", "method_of", "redirect_of"]

_METHODS = frozenset(
    [
        "ACL",
        "BAN",
        "CHECKOUT",
        "COPY",
        "DELETE",
        "GET",
        "HEAD",
        "LOCK",
        "MERGE",
        "MKACTIVITY",
        "MKCOL",
        "MOVE",
        "MSEARCH",
        "NOTIFY",
        "OPTIONS",
        "PATCH",
        "POST",
        "PROPFIND",
        "PROPPATCH",
        "PURGE",
        "PUT",
        "QUERY",
        "REPORT",
        "SEARCH",
        "SUBSCRIBE",
        "TRACE",
        "UNLOCK",
        "UNSUBSCRIBE",
    ]
)
_CACHE_MODES = frozenset({"no-store", "no-cache"})
_ABSENT = (None, null)
_DICTIONARY = "RequestInitializerDict"


def check_options(options: Options) -> None:
    """Refuse options that cannot be meant, before anything else is looked at.

    Raises:
        JsError: TypeError; one is of the wrong type, or unknown to the runtime.
    """
    require_headers(options.get("headers"), _DICTIONARY)
    if options.get("fetcher") not in _ABSENT:
        _require(options, "fetcher", Sender, "Fetcher")
    cf, cache = options.get("cf"), options.get("cache")
    if cf is not None:
        require_cf(cf, _DICTIONARY)
    if options.get("signal") not in _ABSENT:
        from flarelocal.javascript.web.abort import AbortSignal

        _require(options, "signal", AbortSignal, "AbortSignal")
    if cache is not None and to_string(cache) not in _CACHE_MODES:
        raise type_error(f"Unsupported cache mode: {to_string(cache)}")
    if cf is not None:
        require_one_cache_control(cf, cache)


def _require(options: Options, name: str, kind: type[HostObject], js_name: str) -> None:
    if not isinstance(options[name], kind):
        raise type_error(
            f"Incorrect type for the '{name}' field on '{_DICTIONARY}': the provided value is not"
            f" of type '{js_name}'."
        )


def method_of(value: Value) -> str:
    """The method in capitals.

    Raises:
        JsError: TypeError for one that does not exist.
    """
    name = to_string(value)
    if name.upper() not in _METHODS:
        raise type_error(f"Invalid HTTP method string: {name}")
    return name.upper()


def redirect_of(value: Value) -> str:
    """The redirect mode.

    Raises:
        JsError: TypeError for all but `follow` and `manual`.
    """
    name = to_string(value).lower()
    if name not in ("follow", "manual"):
        raise type_error(
            'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be'
            ' implemented since it does not make sense at the edge; use "manual" and check the'
            " response status code)."
        )
    return name
