"""`flare.faults`: what goes wrong in production now and then, on request."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from random import Random

from flarelocal.bindings.durable_objects.namespace import DurableObjectNamespace
from flarelocal.bindings.durable_objects.stub import ObjectCalls
from flarelocal.bindings.environment import renew
from flarelocal.bindings.rpc import PropertyPath
from flarelocal.durable_objects.channel import Way
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.emulator import Emulator
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.prompt_future import PromptFuture
from flarelocal.queues import Batch, Dispatch, Verdict

__all__ = ["Faults"]

Deliver = Callable[[Batch, Dispatch], Awaitable[Verdict]]

_OVERLOADED = "Durable Object is overloaded. Too many requests queued."


class Faults:
    """Faults to come; each is for the next deliveries, or calls, and then over.

    Faults of deliveries hold for what the queues deliver, not for `flare.queue`.
    """

    def __init__(self, emulator: Emulator, random: Random) -> None:
        self._emulator = emulator
        self._random = random
        self._deliveries: deque[tuple[str | None, Deliver]] = deque()
        self._overloads: dict[str, _Overload] = {}
        for deployment in emulator.workers.values():
            for settings in deployment.consumers():
                emulator.broker.consume(settings, self._around(deployment.dispatch_queue))

    def fail_deliveries(
        self, times: int = 1, *, queue: str | None = None, reason: str = "flare.faults"
    ) -> None:
        """The next deliveries fail before the handler is called."""
        self._add(times, queue, _ending(Verdict(outcome="exception", error=reason)))

    def time_out_deliveries(self, times: int = 1, *, queue: str | None = None) -> None:
        """The next deliveries are handled, but end too late to count."""
        late = Verdict(outcome="exceededWallTime", error="The handler did not end in time.")
        self._add(times, queue, _after_handling(late))

    def cancel_cold_starts(self, times: int = 1, *, queue: str | None = None) -> None:
        """The next deliveries are cancelled while the Worker starts: nothing runs, or is logged."""
        self._add(times, queue, _ending(Verdict(outcome="canceled")))

    def duplicate_deliveries(self, times: int = 1, *, queue: str | None = None) -> None:
        """The next deliveries reach the handler twice, as at-least-once delivery allows."""
        self._add(times, queue, _twice)

    def reorder_deliveries(self, times: int = 1, *, queue: str | None = None) -> None:
        """The messages of the next batches are shuffled."""
        self._add(times, queue, self._shuffled)

    def overload(self, binding: str, times: int = 1) -> None:
        """The next calls to objects of a binding are refused: too many requests wait there."""
        overload = self._overloads.get(binding)
        if overload is None:
            overload = self._overloads[binding] = self._overloading(binding)
        overload.left += times

    def _overloading(self, name: str) -> _Overload:
        primary = self._emulator.primary
        for binding in primary.config.durable_objects.bindings:
            script = self._emulator.workers.get(binding.script_name or primary.name)
            if binding.name == name and script is not None:
                found = script.objects[binding.class_name]
                overload = _Overload(found.calls)
                env = primary.program.scope.env
                renew(env, env | {name: DurableObjectNamespace(found.namespace, overload)})
                return overload
        raise KeyError(f"{name}: no such binding of Durable Objects")

    def _add(self, times: int, queue: str | None, deliver: Deliver) -> None:
        self._deliveries.extend([(queue, deliver)] * times)

    def _around(self, dispatch: Dispatch) -> Dispatch:
        async def deliver(batch: Batch) -> Verdict:
            for index, (queue, fault) in enumerate(self._deliveries):
                if queue in (None, batch.queue):
                    del self._deliveries[index]
                    return await fault(batch, dispatch)
            return await dispatch(batch)

        return deliver

    async def _shuffled(self, batch: Batch, dispatch: Dispatch) -> Verdict:
        messages = list(batch.messages)
        self._random.shuffle(messages)
        return await dispatch(replace(batch, messages=tuple(messages)))


class _Overload:
    """Calls to objects, of which the next ones are refused."""

    def __init__(self, calls: ObjectCalls) -> None:
        self.left = 0
        self._calls = calls

    async def fetch(self, way: Way, request: Request) -> Response:
        self._refuse()
        return await self._calls.fetch(way, request)

    def call(
        self,
        way: Way,
        path: PropertyPath,
        arguments: Sequence[Value] | None,
        reply: PromptFuture[Value],
    ) -> None:
        try:
            self._refuse()
        except DurableObjectError as error:
            reply.set_exception(error)
        else:
            self._calls.call(way, path, arguments, reply)

    def _refuse(self) -> None:
        if self.left:
            self.left -= 1
            raise DurableObjectError(_OVERLOADED, overloaded=True)


def _ending(verdict: Verdict) -> Deliver:
    async def deliver(batch: Batch, dispatch: Dispatch) -> Verdict:
        return verdict

    return deliver


def _after_handling(verdict: Verdict) -> Deliver:
    async def deliver(batch: Batch, dispatch: Dispatch) -> Verdict:
        await dispatch(batch)
        return verdict

    return deliver


async def _twice(batch: Batch, dispatch: Dispatch) -> Verdict:
    await dispatch(batch)
    return await dispatch(batch)
