"""Which method of a Durable Object hears of what arrived at one of its WebSockets."""

from __future__ import annotations

from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.websocket import DISCONNECTED, WebSocket
from flarelocal.sockets.connection import Close, Frame, Lost

__all__ = ["socket_call"]


def socket_call(socket: WebSocket, frame: Frame) -> tuple[str, list[Value]]:
    """The name of the method and its arguments (workerd, api/global-scope.c++).

    Binary messages are ArrayBuffers whatever `binaryType` says.
    """
    if isinstance(frame, str):
        return "webSocketMessage", [socket, frame]
    if isinstance(frame, bytes):
        return "webSocketMessage", [socket, ArrayBuffer.of(frame)]
    socket.ended(lost=not isinstance(frame, Close))
    if isinstance(frame, Close):
        return "webSocketClose", [socket, frame.code, frame.reason, True]
    if isinstance(frame, Lost):
        return "webSocketClose", [socket, 1006, DISCONNECTED, False]
    return "webSocketError", [socket, error(frame.message)]
