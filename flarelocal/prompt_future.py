"""Futures that tell their outcome at once."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["PromptFuture", "hear", "next_turn", "when_done"]

T = TypeVar("T")

_set_result = asyncio.Future.set_result

Listener = Callable[["asyncio.Future[T]"], object]


class PromptFuture(asyncio.Future[T]):
    """A future with one listener that `hear` has call at once, where others wait for their turn.

    Each turn of the event loop takes about as long as a small call to an object.
    """

    _listener: Listener[T] | None = None
    _context: contextvars.Context

    def listen(self, listener: Listener[T]) -> None:
        """See `hear`."""
        assert self._listener is None
        self._listener = listener
        self._context = contextvars.copy_context()

    def set_result(self, result: T, /) -> None:
        _set_result(self, result)
        if self._listener is not None:
            self._tell()

    def set_exception(self, exception: Any, /) -> None:
        super().set_exception(exception)
        self._tell()

    def cancel(self, msg: Any = None) -> bool:
        cancelled = super().cancel(msg)
        if cancelled:
            self._tell()
        return cancelled

    def _tell(self) -> None:
        listener = self._listener
        if listener is not None:
            self._listener = None
            self._context.run(listener, self)


def hear(future: asyncio.Future[T], listener: Listener[T]) -> None:
    """Call `listener`, in the present context, with the future as soon as that is done.

    For listeners that only hand the outcome on: they run amid whatever settles the future.
    """
    if future.done() or not isinstance(future, PromptFuture):
        future.add_done_callback(listener)
    else:
        future.listen(listener)


def when_done(future: asyncio.Future[T], listener: Listener[T]) -> None:
    """Call `listener` with the future: now if that is done, else in the turn after it is."""
    if future.done():
        listener(future)
    else:
        future.add_done_callback(listener)


def next_turn() -> PromptFuture[None]:
    """Done in the next turn of the event loop, after what is ready in this one."""
    loop = asyncio.get_running_loop()
    turn: PromptFuture[None] = PromptFuture(loop=loop)
    loop.call_soon(_begin, turn)
    return turn


def _begin(turn: PromptFuture[None]) -> None:
    if not turn.done():
        turn.set_result(None)
