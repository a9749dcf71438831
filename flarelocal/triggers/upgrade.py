"""Answers that are WebSockets."""

from __future__ import annotations

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

__all__ = ["take_over_socket"]


def take_over_socket(request: Request, response: Response) -> bool:
    """Take the WebSocket of a response away from the program that answers; tells if there is one.

    Raises:
        JsError: TypeError; nobody asked for a socket, or the program uses it itself.
    """
    if not response.upgraded:
        return False
    if (request.headers.first("upgrade") or "").lower() != "websocket":
        raise type_error(
            "Worker tried to return a WebSocket in a response to a request which did not contain "
            'the header "Upgrade: websocket".'
        )
    response.take_over_socket()
    return True
