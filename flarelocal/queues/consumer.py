"""The consumer of one queue: when it gets a batch, and how many at a time."""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
import traceback
from collections.abc import Awaitable, Callable, Coroutine

from flarelocal.clock import Clock, Order, Timer
from flarelocal.queues.deliveries import Deliveries, Delivery
from flarelocal.queues.lane import Lane
from flarelocal.queues.message import Batch
from flarelocal.queues.scale import Scale
from flarelocal.queues.settings import ConsumerSettings
from flarelocal.queues.verdict import Verdict

__all__ = ["Consumer", "Dispatch"]

Dispatch = Callable[[Batch], Awaitable[Verdict]]

_BACK_OFF_MS = 1_000


class Consumer:
    """Hands batches of a lane to a Worker until it is released.

    A batch is ready when it is full, or `max_batch_timeout_s` after a message began to wait for
    a consumer that was free to take it.

    Args:
        dispatch: calls the handler of the Worker.
        spawn: runs a coroutine in the background.
    """

    def __init__(
        self,
        settings: ConsumerSettings,
        dispatch: Dispatch,
        lane: Lane,
        deliveries: Deliveries,
        clock: Clock,
        *,
        spawn: Callable[[Coroutine[None, None, None]], None],
    ) -> None:
        self.settings = settings
        self._dispatch = dispatch
        self._lane = lane
        self._deliveries = deliveries
        self._clock = clock
        self._spawn = spawn
        self._scale = Scale(settings.max_concurrency, settings.max_batch_size)
        self._timer: Timer | None = None
        self._overdue = False
        self._woken = False
        self._released = False
        self._backing_off = False

    @property
    def concurrency(self) -> int:
        """How many batches it may have at present."""
        return self._scale.allowed

    def wake(self) -> None:
        """Look for a batch soon: before the next commit, so that it can take part in it."""
        if not self._woken and not self._released:
            self._woken = True
            asyncio.get_running_loop().call_soon(self._look, context=contextvars.Context())

    def release(self) -> None:
        """Take no more batches; those under way are finished."""
        self._released = True
        self._rest()

    def _look(self) -> None:
        self._woken = False
        while self._free(self._scale.allowed - 1) and (delivery := self._next()) is not None:
            self._lane.running += 1
            self._spawn(self._serve(delivery))
        if not len(self._lane.backlog) or self._lane.settings.paused:
            self._overdue = False
            self._rest()
        elif self._timer is None and self._free(self._scale.allowed - 1):
            self._timer = self._clock.call_later(
                1000 * self.settings.max_batch_timeout_s,
                self._timed_out,
                order=Order.QUEUE,
                label=f"batch of {self._lane.name}",
            )

    def _free(self, running: int) -> bool:
        if self._released or self._backing_off or self._lane.settings.paused:
            return False
        return self._lane.running <= running

    def _next(self) -> Delivery | None:
        waiting = len(self._lane.backlog)
        if waiting < self.settings.max_batch_size and not (
            waiting and (self._overdue or not self.settings.max_batch_timeout_s)
        ):
            return None
        self._overdue = False
        self._rest()
        delivery = self._deliveries.begin(self._lane, self.settings)
        if delivery is None:
            self.wake()
        return delivery

    async def _serve(self, first: Delivery) -> None:
        delivery: Delivery | None = first
        try:
            while delivery is not None:
                if not await self._deliver(delivery):
                    self._back_off()
                    break
                if not self._lane.backlog.count:
                    break
                self.wake()
                delivery = self._next() if self._free(self._scale.allowed) else None
        finally:
            self._lane.running -= 1
            if self._lane.backlog.count:
                self._lane.wake()

    async def _deliver(self, delivery: Delivery) -> bool:
        """Have a batch handled; False if the disk would not have it delivered."""
        try:
            await delivery.opened
        except sqlite3.Error:
            return False
        in_flight = self._lane.in_flight
        messages = tuple(message for message in delivery.messages if message.id in in_flight)
        if messages:
            verdict = await self._call(
                Batch(self._lane.name, messages, delivery.metrics, delivery.batch)
            )
        else:
            verdict = Verdict(outcome="canceled")
        self._deliveries.end(self._lane, delivery, verdict, self.settings)
        self._scale.adjust(self._lane.backlog.count, failed=verdict.outcome != "ok")
        return True

    async def _call(self, batch: Batch) -> Verdict:
        try:
            return await self._dispatch(batch)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return Verdict(outcome="exception", error=traceback.format_exc())
        except Exception:
            return Verdict(outcome="exception", error=traceback.format_exc())

    def _back_off(self) -> None:
        self._backing_off = True
        self._clock.call_later(
            _BACK_OFF_MS, self._retry, order=Order.QUEUE, label=f"retry of {self._lane.name}"
        )

    def _retry(self) -> None:
        self._backing_off = False
        self.wake()

    def _timed_out(self) -> None:
        self._timer = None
        self._overdue = True
        self._look()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
