"""Turns of the event loop."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

__all__ = ["after_this_turn"]


def after_this_turn(function: Callable[[], None]) -> None:
    """Call the function, outside of any invocation, when the present callback has ended."""
    asyncio.get_running_loop().call_soon(function, context=contextvars.Context())
