"""Answers of `fetch` handlers."""

from __future__ import annotations

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.body import USED
from flarelocal.javascript.web.response import Response

__all__ = ["answer_of"]


def answer_of(result: Value) -> Response:
    """The response that a handler gave.

    Raises:
        JsError: TypeError for what is no response, or one that cannot be sent.
    """
    if not isinstance(result, Response):
        raise type_error("Incorrect type for Promise: the Promise did not resolve to 'Response'.")
    if not result.status:
        raise type_error(
            "Return value from serve handler must not be an error response (like Response.error())"
        )
    if result.body_used:
        raise type_error(USED)
    return result
