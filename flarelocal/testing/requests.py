"""Requests as tests write them."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.url import normalised

__all__ = ["ORIGIN", "make_request"]

ORIGIN = "http://example.com"


def make_request(
    path: str,
    *,
    method: str | None = None,
    json: Any = None,
    data: Mapping[str, str] | None = None,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """A request from outside.

    Args:
        path: with the query; or a whole URL.
        method: default: GET, or POST if there is a body.
        json: the body, as JSON.
        data: the body, as fields of a form.

    Raises:
        TypeError: there is more than one body.
        ValueError: the URL is none.
    """
    if sum(each is not None for each in (json, data, body)) > 1:
        raise TypeError("a request has one body: give json, data or body")
    given = [(name.lower(), str(value)) for name, value in (headers or {}).items()]
    names = {name for name, _ in given}
    kind = None
    if json is not None:
        body, kind = json_module.dumps(json), "application/json"
    elif data is not None:
        body, kind = urlencode(data), "application/x-www-form-urlencoded"
    elif isinstance(body, str):
        kind = "text/plain;charset=UTF-8"
    if kind is not None and "content-type" not in names:
        given.append(("content-type", kind))
    content = body.encode() if isinstance(body, str) else body
    url = normalised(urljoin(ORIGIN, path))
    if url is None:
        raise ValueError(f"{path} is no URL: give a path such as /hello")
    method = (method or ("GET" if content is None else "POST")).upper()
    return Request.incoming(method, url, given, content)
