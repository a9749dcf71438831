"""Nothing leaves a Durable Object before what it stored is durable: the output gate."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Protocol

__all__ = ["OutputGate", "current_gate", "departing", "departure", "held"]


class OutputGate(Protocol):
    """What holds up what leaves a program."""

    @property
    def unconfirmed(self) -> bool:
        """Whether anything was stored that is not durable yet."""

    def confirmed(self, write: Callable[[], None], lost: Callable[[], object]) -> None:
        """Call `write` when that is durable, or `lost` if it gets lost."""


current_gate: ContextVar[OutputGate | None] = ContextVar("output_gate", default=None)
"""The gate of the present program; None: it stores nothing."""


def held() -> OutputGate | None:
    """The gate, if it is closed."""
    gate = current_gate.get()
    return gate if gate is not None and gate.unconfirmed else None


async def departure() -> None:
    """Wait until the gate is open.

    Raises:
        CancelledError: it never opens, since what was stored got lost.
    """
    gate = held()
    if gate is not None:
        await _opening(gate)


def departing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function that gives a promise wait until the gate is open."""

    @functools.wraps(function)
    def leave(*arguments: Any) -> Any:
        gate = current_gate.get()
        if gate is None or not gate.unconfirmed:
            return function(*arguments)
        return _later(gate, function, arguments)

    return leave


async def _later(gate: OutputGate, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    await _opening(gate)
    result = function(*arguments)
    return await result if inspect.isawaitable(result) else result


def _opening(gate: OutputGate) -> Awaitable[None]:
    opening: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def open() -> None:
        if not opening.done():
            opening.set_result(None)

    gate.confirmed(open, opening.cancel)
    return opening
