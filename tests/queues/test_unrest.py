"""Nothing gets lost or doubled when everything happens at the same time."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flarelocal.queues import Batch, QueueSettings, Verdict
from tests.queues.stage import SECOND, Stage, texts

steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "send",
                "send",
                "later",
                "late",
                "advance",
                "configure",
                "discard",
                "redrive",
                "reload",
                "pause",
                "resume",
            ]
        ),
        st.integers(0, 12),
    ),
    min_size=5,
    max_size=60,
)


def deliveries(number: int) -> int:
    """How often the consumer wants to see a message."""
    return 1 if number % 3 else 3


class Unrest:
    """Begins things without waiting for the end of what was begun before."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sent = 0
        self.seen: Counter[tuple[int, int]] = Counter()
        """messages and their attempts"""
        self._begun: list[asyncio.Task[Any]] = []

    async def dispatch(self, batch: Batch) -> Verdict:
        self.seen.update((int(message.body), message.attempts) for message in batch.messages)
        await asyncio.sleep(0)
        return Verdict(
            retries={
                message.id: int(message.body) % 2
                for message in batch.messages
                if message.attempts < deliveries(int(message.body))
            }
        )

    def begin(self, step: str) -> None:
        broker = self.stage.broker
        match step:
            case "send":
                self._send(None)
            case "later":
                self._send(1)
            case "late":
                self._send(2)
            case "configure":
                self._begin(broker.configure("jobs", QueueSettings()))
            case "discard":
                self._begin(broker.discard("jobs", ["0" * 32]))
            case "redrive":
                self._begin(broker.redrive("jobs"))
            case "pause":
                self._begin(broker.pause("jobs"))
            case "resume":
                self._begin(broker.resume("jobs"))
            case "reload":
                self.stage.consume("jobs", self.dispatch, max_batch_size=3)
            case "advance":
                self.stage.clock.rush(SECOND)

    async def settle(self) -> None:
        await asyncio.gather(*self._begun)
        await self.stage.broker.resume("jobs")
        await self.stage.advance(10)

    def _begin(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._begun.append(asyncio.create_task(coroutine))

    def _send(self, delay_s: int | None) -> None:
        names = [str(self.sent + offset) for offset in range(2)]
        self.sent += len(names)
        self._begin(self.stage.broker.send("jobs", texts(*names), delay_s=delay_s))


async def unrest(directory: Path, plan: list[tuple[str, int]]) -> None:
    stage = Stage(directory / "queues.sqlite")
    await stage.start()
    things = Unrest(stage)
    things.begin("reload")
    things.begin("send")
    for step, turns in plan:
        things.begin(step)
        for _ in range(turns):
            await asyncio.sleep(0)
    await things.settle()
    info = await stage.broker.info("jobs")
    await stage.stop()
    assert things.seen == Counter(
        (number, attempt)
        for number in range(things.sent)
        for attempt in range(1, deliveries(number) + 1)
    )
    assert (info.ready, info.delayed, info.in_flight) == (0, 0, 0)


@settings(max_examples=40, deadline=None)
@given(plan=steps)
def test_every_message_is_delivered_as_often_as_it_should(plan: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(unrest(Path(directory), plan))
