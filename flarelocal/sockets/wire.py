"""A network connection that is joined to an end of one within the process."""

from __future__ import annotations

import asyncio
import contextvars
from typing import cast

from websockets.frames import Frame as NetworkFrame
from websockets.frames import Opcode
from websockets.http11 import Request, Response

from flarelocal.sockets.codec import ClientCodec, Codec, ServerCodec
from flarelocal.sockets.connection import Close, End

__all__ = ["Wire"]

_PATIENCE_S = 10.0


class Wire(asyncio.Protocol):
    """Hands on what comes from the network and what goes there, without getting ahead of either.

    Subclasses shake hands, then `join`.
    """

    transport: asyncio.Transport

    def __init__(self, codec: ServerCodec | ClientCodec) -> None:
        self._codec: Codec = codec
        self._end: End | None = None
        self._parts: list[bytes] = []
        self._text = self._failed = False
        self._writable = asyncio.Event()
        self._writable.set()
        self._tasks: set[asyncio.Task[None]] = set()

    def handshake(self, message: Request | Response) -> None:
        """Called with the other side's part of the handshake."""
        raise NotImplementedError

    def join(self, end: End) -> None:
        """Carry what arrives at `end` to the network, and what comes from there to `end`."""
        self._end = end
        self._spawn(self._write(end))

    def leave(self, code: int) -> None:
        """Close the connection at once, without waiting for the other side."""
        self._codec.close(Close(code))
        self.flush()
        self.transport.close()

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._codec.receive_data(data)
        for event in self._codec.events_received():
            if isinstance(event, NetworkFrame):
                self._receive(event)
            else:
                self.handshake(event)
        self.flush()
        violation = self._codec.violation
        if violation is not None and self._end is not None and not self._failed:
            self._failed = True
            self._end.send(violation)
            # What the other side still sends is read, lest it misses why it has to stop.
            self.transport.write_eof()
            self._spawn(self._give_up())

    def eof_received(self) -> None:
        self._codec.receive_eof()
        self.flush()

    def connection_lost(self, failure: Exception | None) -> None:
        for task in self._tasks:
            task.cancel()
        if self._end is not None:
            self._end.drop()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # -- each direction

    def flush(self) -> None:
        """Send what the protocol has to say."""
        data = b"".join(self._codec.data_to_send())
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def _receive(self, frame: NetworkFrame) -> None:
        if frame.opcode is Opcode.CLOSE:
            assert self._end is not None
            assert self._codec.close_rcvd is not None
            self._end.send(Close(int(self._codec.close_rcvd.code), self._codec.close_rcvd.reason))
            self._close_when_closed()
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.opcode is not Opcode.CONT:
                self._text = frame.opcode is Opcode.TEXT
            self._parts.append(bytes(frame.data))
            if frame.fin:
                self._deliver(b"".join(self._parts))
                self._parts.clear()

    def _deliver(self, message: bytes) -> None:
        assert self._end is not None
        self._end.send(message.decode("utf-8", "replace") if self._text else message)
        if self._end.crowded and self.transport.is_reading():
            self.transport.pause_reading()
            self._spawn(self._read_on(self._end))

    async def _read_on(self, end: End) -> None:
        await end.room()
        self.transport.resume_reading()

    async def _write(self, end: End) -> None:
        while True:
            frame = await end.receive()
            if self._failed:
                continue
            if isinstance(frame, str):
                self._codec.send_text(frame.encode("utf-8", "replace"))
            elif isinstance(frame, bytes):
                self._codec.send_binary(frame)
            elif isinstance(frame, Close):
                self._codec.close(frame)
                self.flush()
                self._close_when_closed()
                return
            else:
                self.transport.close()
                return
            self.flush()
            await self._writable.wait()

    async def _give_up(self) -> None:
        await asyncio.sleep(_PATIENCE_S)
        self.transport.close()

    def _close_when_closed(self) -> None:
        if self._codec.closed:
            self.flush()
            self.transport.close()

    def _spawn(self, work: asyncio._CoroutineLike[None]) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.Task(work, loop=loop, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
