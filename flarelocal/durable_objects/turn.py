"""Turns of the event loop."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

__all__ = ["TurnEnd"]


class TurnEnd:
    """Calls functions, outside of any invocation, when the present turn of the loop is over."""

    def __init__(self) -> None:
        self._functions: list[Callable[[], None]] = []

    def defer(self, function: Callable[[], None]) -> None:
        """Call the function then, after those that were deferred before."""
        if not self._functions:
            asyncio.get_running_loop().call_soon(self._over, context=contextvars.Context())
        self._functions.append(function)

    def _over(self) -> None:
        functions, self._functions = self._functions, []
        for function in functions:
            try:
                function()
            except Exception as error:
                context = {"message": f"{function} failed", "exception": error}
                asyncio.get_running_loop().call_exception_handler(context)
