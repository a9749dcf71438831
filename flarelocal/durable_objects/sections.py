"""Critical sections of an object: while one runs, all else in the object waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar, cast

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.input_gate import CriticalSection, InputGate
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.storage.transaction import Transaction

if TYPE_CHECKING:
    from flarelocal.durable_objects.actor import Actor

__all__ = ["Sections"]

T = TypeVar("T")

_LONGEST_MS = 30_000


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a section gives which failed without harm to the object."""

    error: BaseException


class Sections:
    """Runs the critical sections of an object.

    Args:
        actor: the object.
        gate: of the object.
        clock: measures how long a section takes.
    """

    def __init__(self, actor: Actor, gate: InputGate, clock: Clock) -> None:
        self._actor = actor
        self._gate = gate
        self._clock = clock

    def block(self, callback: Callable[[], Awaitable[T]]) -> asyncio.Future[T]:
        """Run the callback; see `Actor.block_concurrency_while`."""
        section = self._gate.begin()
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._actor.tasks.spawn(self._run(section, callback, result))
        return result

    def transaction(self, callback: Callable[[Transaction], Awaitable[T]]) -> asyncio.Future[T]:
        """Run the callback in a transaction; see `Actor.transaction`."""

        async def run() -> T | _Failure:
            transaction = self._actor.storage.begin()
            try:
                result = await callback(transaction)
            except BaseException as error:
                transaction.rollback()
                return _Failure(error)
            transaction.commit()
            return result

        return cast("asyncio.Future[T]", self.block(run))

    async def _run(
        self,
        section: CriticalSection,
        callback: Callable[[], Awaitable[T]],
        result: asyncio.Future[T],
    ) -> None:
        actor = self._actor
        too_long = DurableObjectError(
            "A call to blockConcurrencyWhile() in a Durable Object waited for too long. "
            "The call was canceled and the Durable Object was reset.",
            overloaded=True,
        )
        try:
            await section.begin()
            limit = self._clock.call_later(
                _LONGEST_MS,
                lambda: actor.destroy(Reset(too_long, by_worker=True)),
                label=f"limit of a critical section of {actor.id}",
            )
            try:
                value = await self._gate.gated(callback())
            finally:
                limit.cancel()
        except GeneratorExit:
            raise
        except BaseException as error:
            actor.destroy(Reset(error, by_worker=True))
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
        else:
            self._gate.end(section)
            if result.done():
                return
            if isinstance(value, _Failure):
                result.set_exception(value.error)
            else:
                result.set_result(value)
