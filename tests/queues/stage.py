"""A broker on a virtual clock and a real file, with Workers that write down what they got."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from flarelocal.clock import VirtualClock
from flarelocal.database import Database
from flarelocal.journal import Event, Journal
from flarelocal.queues import (
    SCHEMA,
    Batch,
    Broker,
    ConsumerSettings,
    ContentType,
    Limits,
    Message,
    Metrics,
    OutgoingMessage,
    QueueSettings,
    Verdict,
)

SECOND = 1_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

ACK = Verdict()
RETRY = Verdict(retry_all=True)
THROW = Verdict(outcome="exception", error="Traceback: it went wrong")

Answer = Verdict | Callable[[Batch], Verdict | Awaitable[Verdict]]


def texts(*bodies: str, delay_s: int | None = None) -> list[OutgoingMessage]:
    return [OutgoingMessage(body.encode(), ContentType.TEXT, delay_s) for body in bodies]


def bodies(messages: Iterable[Message]) -> str:
    """The bodies, divided by blanks."""
    return " ".join(message.body.decode() for message in messages)


class HastyClock(VirtualClock):
    """A clock that can move while work is under way, as real time does."""

    def rush(self, delta_ms: int) -> None:
        self._now += delta_ms
        while (timer := self._next()) and timer.when_ms <= self._now:
            self._pop().run()


class Worker:
    """A consumer. `answers` are its verdicts, the last one again and again."""

    def __init__(self, clock: VirtualClock, *answers: Answer) -> None:
        self.batches: list[Batch] = []
        self.times: list[int] = []
        """ms since the Worker was made"""
        self.running = 0
        self.most = 0
        """the most batches it had at a time"""
        self._clock = clock
        self._start = clock.now()
        self._answers = answers or (Verdict(),)

    async def __call__(self, batch: Batch) -> Verdict:
        self.times.append(self._clock.now() - self._start)
        self.batches.append(batch)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            answer = self._answers[min(len(self.batches), len(self._answers)) - 1]
            if isinstance(answer, Verdict):
                return answer
            verdict = answer(batch)
            return verdict if isinstance(verdict, Verdict) else await verdict
        finally:
            self.running -= 1

    @property
    def seen(self) -> list[str]:
        """The bodies of each batch."""
        return [bodies(batch.messages) for batch in self.batches]

    @property
    def messages(self) -> list[Message]:
        return [message for batch in self.batches for message in batch.messages]

    @property
    def attempts(self) -> list[int]:
        return [message.attempts for message in self.messages]


class Stage:
    """Everything around a broker; it can crash, and come up again on the same file."""

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.clock = HastyClock()
        self._path = path
        self._limits = limits
        self._up = False

    async def rise(self) -> Broker:
        """Begin a process."""
        if self._up:
            await self.crash()
        self.clock = HastyClock(self.clock.now())
        self.journal = Journal(self.clock)
        self.database = await Database.open(self._path, SCHEMA, self.clock)
        self.broker = Broker(
            self.database, self.clock, self.journal, random.Random(7), limits=self._limits
        )
        self._up = True
        return self.broker

    async def start(self) -> Broker:
        await self.rise()
        await self.broker.start()
        return self.broker

    async def crash(self) -> None:
        """End the process without a word to the broker."""
        await self.database.close()
        self._up = False
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.clock.idle()

    async def stop(self) -> None:
        await self.broker.stop()
        await self.database.close()
        self._up = False

    async def end(self) -> None:
        if self._up:
            await self.crash()

    def worker(self, *answers: Answer) -> Worker:
        return Worker(self.clock, *answers)

    def consume(self, queue: str, *answers: Answer, **settings: Any) -> Worker:
        """A Worker that consumes the queue, without a wait unless `settings` say so."""
        worker = self.worker(*answers)
        settings = {"max_batch_timeout_s": 0} | settings
        self.broker.consume(ConsumerSettings(queue, **settings), worker)
        return worker

    def slow(self, seconds: float, verdict: Verdict = ACK) -> Answer:
        """A handler that takes its time."""

        async def handle(batch: Batch) -> Verdict:
            await self.clock.sleep(seconds * SECOND)
            return verdict

        return handle

    async def send(self, queue: str, *contents: str, delay_s: int | None = None) -> Metrics:
        """Send texts, and let everything come to rest."""
        metrics = await self.broker.send(queue, texts(*contents), delay_s=delay_s)
        await self.clock.idle()
        return metrics

    async def delay(self, queue: str, seconds: int) -> None:
        """Give the queue a delivery delay."""
        await self.broker.configure(queue, QueueSettings(delivery_delay_s=seconds))

    async def advance(self, seconds: float) -> None:
        await self.clock.advance(seconds * SECOND)

    def events(self, kind: type[Event]) -> list[Any]:
        return [entry.event for entry in self.journal if isinstance(entry.event, kind)]

    async def waiting(self, queue: str) -> str:
        """The bodies of a queue, in the order of their delivery."""
        stored = await self.broker.peek(queue, limit=1_000)
        return bodies(each.message for each in stored)
