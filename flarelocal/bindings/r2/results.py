"""What becomes of the answers of the engine: results now or later, and errors with an operation."""

from __future__ import annotations

import sqlite3
from asyncio import Future
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from flarelocal.javascript.errors import error
from flarelocal.javascript.promise import run
from flarelocal.javascript.values import Value
from flarelocal.storage.r2 import R2Error
from flarelocal.storage.r2.errors import INTERNAL

__all__ = ["refusals", "then"]

T = TypeVar("T")


class refusals:
    """Turns a refusal of R2, or of the disk, within the block into what the program sees."""

    __slots__ = ("_operation",)

    def __init__(self, operation: str) -> None:
        self._operation = operation

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        refused: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(refused, R2Error):
            raise error(f"{self._operation}: {refused} ({refused.code})") from None
        if isinstance(refused, OSError | sqlite3.Error):
            # A full disk, above all.
            text, code = INTERNAL
            raise error(f"{self._operation}: {text} ({code}): {refused}") from None


def then(operation: str, found: Future[T], result: Callable[[T], Value]) -> Value:
    """What `result` makes of an answer: now if it is there, else a promise."""
    if found.done():
        with refusals(operation):
            return result(found.result())
    return run(_later(operation, found, result))


async def _later(operation: str, found: Future[T], result: Callable[[T], Value]) -> Value:
    with refusals(operation):
        return result(await found)
