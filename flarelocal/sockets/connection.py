"""A WebSocket connection within the process: two ends, and what goes from one to the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from flarelocal.dataclass import dataclass
from flarelocal.prompt_future import PromptFuture

__all__ = ["NO_STATUS", "Broken", "Close", "End", "Frame", "Lost"]

NO_STATUS = 1005
"""Stands for a close without a code."""

_MANY_FRAMES = 256
_MANY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Close:
    """The sender sends nothing more."""

    code: int = NO_STATUS
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection ended without a close."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The sender violated the protocol; `message` says how."""

    message: str


Frame: TypeAlias = str | bytes | Close | Lost | Broken
"""What one end sends to the other; after one that is no message nothing follows."""


class End:
    """One end of a connection.

    Frames wait until the other side receives them. To let go of an end is to lose the connection:
    the other side hears of it unless it was told of a close before.
    """

    __slots__ = ("__weakref__", "_inbox", "_outbox")

    def __init__(self, inbox: _Pipe, outbox: _Pipe) -> None:
        self._inbox = inbox
        self._outbox = outbox

    @classmethod
    def pair(cls) -> tuple[End, End]:
        """The two ends of a new connection."""
        there, back = _Pipe(), _Pipe()
        return cls(back, there), cls(there, back)

    def send(self, frame: Frame) -> None:
        """Send a frame; without effect where the other side listens no more."""
        self._outbox.put(frame)

    async def receive(self) -> Frame:
        """Wait for the next frame; only one task may."""
        while True:
            frame = self.take()
            if frame is not None:
                return frame
            await self.arrival()

    def take(self) -> Frame | None:
        """The next frame, if one has come."""
        return self._inbox.take()

    def arrival(self) -> asyncio.Future[None]:
        """Done as soon as a frame comes, which `hear` tells amid the call of `send`."""
        return self._inbox.arrival()

    @property
    def waiting_bytes(self) -> int:
        """How much of what was sent has not been received yet."""
        return self._outbox.bytes

    @property
    def crowded(self) -> bool:
        """Whether much of what was sent has not been received yet."""
        return self._outbox.crowded

    async def room(self) -> None:
        """Return when most of what was sent has been received."""
        await self._outbox.room()

    def drop(self) -> None:
        """Lose the connection."""
        self._outbox.put(Lost())
        self._inbox.shut()

    def __del__(self) -> None:
        # Garbage is collected at any moment and in any thread: the loop must not be used there.
        self._outbox.put(Lost(), _wake_safely)
        self._inbox.shut(_wake_safely)


_Waiter: TypeAlias = asyncio.Future[None] | None
_Wake: TypeAlias = Callable[[_Waiter], None]


def _wake(waiter: _Waiter) -> None:
    if waiter is not None and not waiter.done() and not waiter.get_loop().is_closed():
        waiter.set_result(None)


def _wake_safely(waiter: _Waiter) -> None:
    if waiter is not None and not waiter.get_loop().is_closed():
        waiter.get_loop().call_soon_threadsafe(_wake, waiter)


class _Pipe:
    """One direction of a connection.

    Attributes:
        bytes: how much waits in it.
    """

    __slots__ = ("_ended", "_frames", "_reader", "_writer", "bytes")

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self.bytes = 0
        self._ended = False
        self._reader: _Waiter = None
        self._writer: _Waiter = None

    def put(self, frame: Frame, wake: _Wake = _wake) -> None:
        if self._ended:
            return
        self._ended = not isinstance(frame, str | bytes)
        self._frames.append(frame)
        self.bytes += _size(frame)
        wake(self._reader)

    def arrival(self) -> asyncio.Future[None]:
        self._reader = PromptFuture(loop=asyncio.get_running_loop())
        return self._reader

    def take(self) -> Frame | None:
        if not self._frames:
            return None
        frame = self._frames.popleft()
        self.bytes -= _size(frame)
        if not self.crowded:
            _wake(self._writer)
        return frame

    @property
    def crowded(self) -> bool:
        return self.bytes > _MANY_BYTES or len(self._frames) > _MANY_FRAMES

    async def room(self) -> None:
        while self.crowded:
            # Of no invocation: who waits may belong to none.
            self._writer = asyncio.Future(loop=asyncio.get_running_loop())
            await self._writer

    def shut(self, wake: _Wake = _wake) -> None:
        self._ended = True
        self._frames.clear()
        self.bytes = 0
        wake(self._writer)


def _size(frame: Frame) -> int:
    if isinstance(frame, str) and not frame.isascii():
        frame = frame.encode("utf-8", "surrogatepass")
    return len(frame) if isinstance(frame, str | bytes) else 0
