"""Messages that are pulled instead of pushed ("Pull consumers")."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.journal import Journal
from flarelocal.queues.deliveries import Deliveries
from flarelocal.queues.errors import DeliveryPausedError
from flarelocal.queues.events import MessagesPulled
from flarelocal.queues.history import History
from flarelocal.queues.lane import Lane
from flarelocal.queues.message import Message, Metrics
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import PullSettings
from flarelocal.queues.store import Reclaimed, Store
from flarelocal.queues.verdict import Judgement

__all__ = ["Leased", "Leases", "Pulled", "Returned"]

_DIGITS = 16
_LONGEST_DELAY_S = 86_400
_UNKNOWN = "there is no such message any more"
_OVER = "the lease is over, and the message waits for another delivery"


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that nobody else gets until the lease is over."""

    lease_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull gave."""

    messages: tuple[Leased, ...]
    metrics: Metrics
    """of what is left"""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of leases that were given back."""

    acked: int
    retried: int
    warnings: Mapping[str, str]
    """by lease id: why nothing came of it"""


class Leases:
    """Lends messages and takes them back; a lease is kept with its message on disk."""

    def __init__(
        self,
        store: Store,
        history: History,
        deliveries: Deliveries,
        numbers: Numbers,
        clock: Clock,
        journal: Journal,
    ) -> None:
        self._store = store
        self._history = history
        self._deliveries = deliveries
        self._numbers = numbers
        self._clock = clock
        self._journal = journal

    async def pull(
        self, lane: Lane, settings: PullSettings, limit: int, visibility_timeout_ms: int
    ) -> Pulled:
        """Lend up to `limit` messages; none if none is ready.

        Raises:
            DeliveryPausedError: the delivery of the queue is paused.
            sqlite3.Error: the leases could not be stored.
        """
        if len(lane.backlog) < limit:
            await lane.backlog.steady()
        if lane.settings.paused:
            raise DeliveryPausedError(lane.name)
        messages = self._deliveries.take(lane, limit, settings)
        metrics = lane.backlog.metrics()
        if not messages:
            return Pulled((), metrics)
        batch = self._numbers.reserve()
        now = self._clock.now()
        until = now + visibility_timeout_ms
        numbers = [message.number for message in messages]
        self._history.open(batch, lane.name, now, messages)
        self._history.close(batch, now, "pulled", None, {})
        leased = self._store.lease(numbers, batch, until, self._numbers.reserve(len(numbers)))
        lane.in_flight.difference_update([message.id for message in messages])
        lane.lend(len(numbers), until)
        self._deliveries.watch(lane, leased)
        await leased
        self._journal.record(MessagesPulled(lane.name, batch, len(messages)))
        return Pulled(
            tuple(Leased(f"{batch:0{_DIGITS}x}{message.id}", message) for message in messages),
            metrics,
        )

    async def give_back(
        self,
        lane: Lane,
        settings: PullSettings,
        acks: Collection[str],
        retries: Mapping[str, int | None],
    ) -> Returned:
        """Acknowledge messages, and have others delivered again.

        An acknowledgement counts even if the lease is over; a retry does not, as the message
        waits for its next delivery already.

        Args:
            acks: lease ids.
            retries: lease ids and delays in seconds; None: the consumer's `retry_delay_s`.

        Raises:
            sqlite3.Error: the changes could not be stored.
        """
        retries = {lease: delay for lease, delay in retries.items() if lease not in set(acks)}
        leases = {lease: _parse(lease) for lease in (*acks, *retries)}
        reclaiming = self._store.reclaim(lane.name, leases)
        reclaiming.add_done_callback(partial(_land, lane))
        decision = _decide(acks, retries, await reclaiming, settings)
        for lease, result in decision.results.items():
            delivery, identity = leases[lease]
            self._history.note(delivery, identity, result)
        self._deliveries.settle(lane, decision.judgement, settings)
        if decision.late:
            lane.in_flight.difference_update([message.id for message in decision.late])
            late = [message.number for message in decision.late]
            self._deliveries.watch(lane, self._store.delete(late))
            lane.reset()
        await self._store.written()
        results = list(decision.results.values())
        acked = results.count("acked")
        return Returned(acked, len(results) - acked, decision.warnings)


@dataclass(frozen=True, slots=True)
class _Decision:
    judgement: Judgement
    late: list[Message]
    """messages that were acknowledged when their lease was over"""
    results: dict[str, str]
    """what came of leases"""
    warnings: dict[str, str]


def _decide(
    acks: Iterable[str],
    retries: Mapping[str, int | None],
    reclaimed: Mapping[str, Reclaimed],
    settings: PullSettings,
) -> _Decision:
    decision = _Decision(Judgement([], {}, []), [], {}, {})
    judgement = decision.judgement
    done: set[str] = set()
    for lease in dict.fromkeys(acks):
        found = reclaimed.get(lease)
        if found is None or found.message.id in done:
            decision.warnings[lease] = _UNKNOWN
            continue
        done.add(found.message.id)
        decision.results[lease] = "acked"
        if found.current:
            judgement.acked.append(found.message)
        else:
            decision.late.append(found.message)
    for lease, delay in retries.items():
        found = reclaimed.get(lease)
        if found is None or found.message.id in done:
            decision.warnings[lease] = _UNKNOWN
        elif not found.current:
            decision.warnings[lease] = _OVER
        elif found.message.attempts > settings.max_retries:
            judgement.spent.append(found.message)
            decision.results[lease] = "dead-lettered" if settings.dead_letter_queue else "dropped"
        else:
            seconds = settings.retry_delay_s if delay is None else delay
            seconds = min(max(seconds, 0), _LONGEST_DELAY_S)
            judgement.retried.setdefault(seconds, []).append(found.message)
            decision.results[lease] = "retried"
    return decision


def _parse(lease_id: str) -> tuple[int, str]:
    """The delivery and the id of the message."""
    try:
        return int(lease_id[:_DIGITS], 16), lease_id[_DIGITS:]
    except ValueError:
        return -1, ""


def _land(lane: Lane, future: Future[Mapping[str, Reclaimed]]) -> None:
    if future.cancelled() or future.exception():
        return
    landed = [found.message.id for found in future.result().values() if found.current]
    lane.leased -= len(landed)
    lane.in_flight.update(landed)
