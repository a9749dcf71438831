"""Coroutines whose first step ran already: what waits for nothing needs no task."""

from __future__ import annotations

import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

__all__ = ["rest"]

T = TypeVar("T")


async def rest(coroutine: Coroutine[Any, Any, T], waited_for: Any) -> T:
    """The rest of a coroutine, for a task to run.

    Args:
        waited_for: what `coroutine.send(None)` gave.
    """
    result: T = await _resume(coroutine, waited_for)
    return result


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, Any], waited_for: Any) -> Generator[Any, Any, Any]:
    while True:
        step: Callable[[Any], Any] = coroutine.send
        try:
            sent = yield waited_for
        except BaseException as error:
            step, sent = coroutine.throw, error
        try:
            waited_for = step(sent)
        except StopIteration as end:
            return end.value
