"""Where a test takes place: an event loop, and what its context knows of the Worker."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, Token, copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from flarelocal.testing.loop import TestLoop

if TYPE_CHECKING:
    from flarelocal.testing.against import Against
    from flarelocal.testing.flare import Flare

__all__ = ["Present", "Stage", "blocking"]

T = TypeVar("T")
_UNSET = object()


class Stage:
    """What is under test, running in a `with` block.

    Attributes:
        context: what is known of the Worker.
    """

    def __init__(self, subject: Flare | Against, loop: TestLoop) -> None:
        self.subject = subject
        self.context = copy_context()
        self._loop = loop

    def __enter__(self) -> Stage:
        self._loop.perform(self.subject.start(), self.context)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.perform(self.subject.stop(), self.context)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something to its end."""
        result: T = self._loop.run_until_complete(
            self._loop.create_task(work, context=self.context)
        )
        return result


class Present:
    """Has the variables of a context in the present one, in a `with` block."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._changed: list[tuple[ContextVar[Any], Token[Any]]] = []

    def __enter__(self) -> None:
        self._changed = [
            (variable, variable.set(value))
            for variable, value in self._context.items()
            if variable.get(_UNSET) is not value
        ]

    def __exit__(self, *_: object) -> None:
        for variable, before in reversed(self._changed):
            variable.reset(before)


def blocking(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """An ordinary test in place of a coroutine: it is run on the event loop of its fixtures."""

    @functools.wraps(test)
    def run(*arguments: Any, **fixtures: Any) -> None:
        asyncio.get_event_loop().run_until_complete(test(*arguments, **fixtures))

    return run
