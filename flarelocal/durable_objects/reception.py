"""The way of what arrives at a WebSocket to the object that accepted it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from functools import partial

from flarelocal.prompt_future import hear
from flarelocal.sockets.connection import End, Frame

__all__ = ["Reception"]


class Reception:
    """Hands over the frames of one socket, one after the other.

    A frame is handed over amid the call that sends it, so that it is there before all that its
    sender does next.

    Args:
        end: of the connection.
        deliver: hands a frame over; None: it is dealt with already, else done when the next one
            may follow.
        ended: called after the last frame, or when this is stopped.
    """

    def __init__(
        self,
        end: End,
        deliver: Callable[[Frame], asyncio.Future[None] | None],
        ended: Callable[[], None],
    ) -> None:
        self._end = end
        self._deliver = deliver
        self._ended = ended
        self._over = False
        self._delivery: asyncio.Future[None] | None = None
        # Of no invocation, although the sender may have one.
        Context().run(self._go_on)

    def stop(self) -> None:
        """Hand nothing over any more."""
        if not self._over:
            self._over = True
            if self._delivery is not None:
                self._delivery.cancel()
            self._ended()

    def _go_on(self) -> None:
        while not self._over:
            frame = self._end.take()
            if frame is None:
                hear(self._end.arrival(), lambda _: self._go_on())
                return
            last = not isinstance(frame, str | bytes)
            self._delivery = self._deliver(frame)
            if self._delivery is not None:
                hear(self._delivery, partial(self._delivered, last))
                return

    def _delivered(self, last: bool, _: asyncio.Future[None]) -> None:
        self._delivery = None
        if last:
            self.stop()
        else:
            self._go_on()
