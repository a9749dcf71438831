"""What arrives at a WebSocket that a program accepted, as events."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING

from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.event import MessageEvent
from flarelocal.javascript.web.socket_host import SocketHost
from flarelocal.sockets.connection import End

if TYPE_CHECKING:
    from flarelocal.javascript.web.websocket import WebSocket

__all__ = ["Reader"]


class Reader:
    """Dispatches events, one message after the other, in the context in which it was made."""

    def __init__(self, socket: WebSocket, end: End, host: SocketHost) -> None:
        self._socket = socket
        self._end = end
        self._host = host
        closed = host.opened(self.stop)
        self._task = asyncio.Task(
            self._run(), loop=asyncio.get_running_loop(), context=copy_context()
        )
        self._task.add_done_callback(lambda _: closed())

    def stop(self) -> None:
        """Lose the connection; the program hears nothing more."""
        self._end.drop()
        self._task.cancel()

    async def _run(self) -> None:
        try:
            await self._read()
        except asyncio.CancelledError:
            raise
        except BaseException:
            # A Durable Object aborts itself that way: no code goes on.
            self._end.drop()

    async def _read(self) -> None:
        while True:
            frame = await self._end.receive()
            await self._host.enter()
            if not isinstance(frame, str | bytes):
                self._socket.arrived(frame)
                return
            self._socket.fire(MessageEvent("message", {"data": self._shown(frame)}))

    def _shown(self, message: str | bytes) -> Value:
        if isinstance(message, str):
            return message
        if self._socket.binary_type == "arraybuffer":
            return ArrayBuffer.of(message)
        return Blob.of(message)
