"""Where a test takes place: an event loop, and what its context knows of the Worker."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from flarelocal.testing.loop import TestLoop

__all__ = ["blocking", "event_loop", "within"]

_UNSET = object()


@contextmanager
def event_loop() -> Iterator[TestLoop]:
    """A new event loop, which is the present one meanwhile; what is left on it ends with it."""
    loop = TestLoop()
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        loop.perform(loop.finish(), Context())
        asyncio.set_event_loop(None)
        loop.close()


@contextmanager
def within(context: Context) -> Iterator[None]:
    """Have the variables of a context in the present one."""
    changed = [
        (variable, variable.set(value))
        for variable, value in context.items()
        if variable.get(_UNSET) is not value
    ]
    try:
        yield
    finally:
        for variable, before in reversed(changed):
            variable.reset(before)


def blocking(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """An ordinary test in place of a coroutine: it is run on the event loop of its fixtures."""

    @functools.wraps(test)
    def run(*arguments: Any, **fixtures: Any) -> None:
        asyncio.get_event_loop().run_until_complete(test(*arguments, **fixtures))

    return run
