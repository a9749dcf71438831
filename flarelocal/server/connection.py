"""One client's connection."""

from __future__ import annotations

import asyncio
import contextvars
import time
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from flarelocal.continuation import rest

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

__all__ = ["LEFT", "Connection"]

LEFT = "flarelocal.left"
"""Of an ASGI scope: what is called before the task of the request is cancelled because the client
went away; while it is not there, the task goes on."""

_AT_MOST = 65_536


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, on which a request costs less.

    What is written during one turn of the event loop is sent as one. A connection has one timer
    that finds out whether it was idle for too long, instead of one after each answer. A request
    is handled at once, and has a task only from where it waits for something.
    """

    _idle_since: float | None = None
    _task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_Joining(transport, self.loop))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        handling = cycle.run_asgi(app)
        context = contextvars.copy_context()
        try:
            waited_for = context.run(handling.send, None)
        except StopIteration:
            return
        self._task = asyncio.Task(rest(handling, waited_for), loop=self.loop, context=context)
        self._task.add_done_callback(self.tasks.discard)
        self.tasks.add(self._task)

    def on_response_complete(self) -> None:
        if self.pipeline:
            # Within the request before it, each one that waits would be a level deeper.
            self.loop.call_soon(super().on_response_complete)
            return
        if self.transport.is_closing():
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._idle_since = time.monotonic()
        if self.timeout_keep_alive_task is None:
            self._look_again(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def _look_again(self, delay_s: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            delay_s, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - time.monotonic()
        if left > 0:
            self._look_again(left)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        left = cast("dict[str, Any]", self.scope or {}).get(LEFT)
        if left is not None and self._task is not None:
            left()
            self._task.cancel()


class _Joining(asyncio.Transport):
    """Collects writes: to send, and to wake up the client, takes longer than most handlers do."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> None:
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > _AT_MOST:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        self._transport.write(data)

    def abort(self) -> None:
        self._transport.abort()

    def write_eof(self) -> None:
        self._flush()
        self._transport.write_eof()

    def is_reading(self) -> bool:
        return self._transport.is_reading()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._transport.set_protocol(protocol)
