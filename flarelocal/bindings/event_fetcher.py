"""A service binding that hands further events on (flag `service_binding_extra_handlers`).

Source: workerd, api/http.c++ (Fetcher::queue, Fetcher::scheduled).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from flarelocal.bindings.fetcher import Fetch, Fetcher
from flarelocal.bindings.rpc.stub import Receiver
from flarelocal.cron import ScheduledOutcome
from flarelocal.javascript import json
from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.clone import serialize
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import NO_OPTIONS, Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.queues import Batch, ContentType, Message, Metrics, Verdict

__all__ = ["Consume", "EventFetcher", "Fire"]

Consume: TypeAlias = Callable[[Batch], Awaitable[Verdict]]
Fire: TypeAlias = Callable[[str, int | None], Awaitable[ScheduledOutcome]]


class EventFetcher(Fetcher, js_name="Fetcher"):
    """A Fetcher with `queue` and `scheduled`.

    Args:
        consume: has the other side consume a batch.
        fire: has it handle a cron, given the time in ms since 1970 (None: now).
    """

    __slots__ = ("_consume", "_fire")

    def __init__(self, fetch: Fetch, receiver: Receiver, consume: Consume, fire: Fire) -> None:
        super().__init__(fetch, receiver)
        self._consume = consume
        self._fire = fire

    @method
    async def queue(self, queue_name: str, messages: Value, metadata: Value = None) -> Value:
        """Have the other side consume messages; tells what it decided."""
        batch = tuple(_message(properties_of(each) or {}) for each in iterate(messages))
        return json.from_data(_report(await self._consume(Batch(queue_name, batch, _NO_METRICS))))

    @method
    async def scheduled(self, options: Options = NO_OPTIONS) -> Value:
        """Have the other side handle a cron; tells the outcome."""
        time, cron = options.get("scheduledTime"), options.get("cron")
        outcome = await self._fire(
            "" if cron is None else to_string(cron), None if time is None else _time(time)
        )
        return json.from_data({"outcome": outcome.outcome, "noRetry": outcome.no_retry})


_NO_METRICS = Metrics(0, 0, None)


def _message(given: Mapping[str, Value]) -> Message:
    body, serialized = given.get("body"), given.get("serializedBody")
    if (body is None) == (serialized is None):
        raise type_error("Expected one of body or serializedBody for each message")
    data = bytes_of(serialized) if is_buffer_source(serialized) else serialize(body)
    attempts = int(to_number(given.get("attempts", 1)))
    id, time = to_string(given.get("id")), _time(given.get("timestamp", 0))
    return Message(id, time, attempts, ContentType.V8, data)


def _time(value: Value) -> int:
    return int(value.time_ms if isinstance(value, Date) else to_number(value))


def _report(verdict: Verdict) -> dict[str, object]:
    return {
        "outcome": verdict.outcome,
        "ackAll": verdict.ack_all,
        "retryBatch": _delayed({"retry": verdict.retry_all}, verdict.retry_all_delay_s),
        "explicitAcks": sorted(verdict.explicit_acks),
        "retryMessages": [
            _delayed({"msgId": each}, delay_s) for each, delay_s in verdict.retries.items()
        ],
    }


def _delayed(report: dict[str, object], delay_s: int | None) -> dict[str, object]:
    return report if delay_s is None else report | {"delaySeconds": delay_s}
