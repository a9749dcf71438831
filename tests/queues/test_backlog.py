"""However many messages wait, only some of them are in memory."""

from __future__ import annotations

import pytest

from tests.queues.stage import Stage, texts

COUNT = 12_000


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    """A queue with more messages than are kept in memory."""
    for first in range(0, COUNT, 100):
        await stage.broker.send("jobs", texts(*map(str, range(first, first + 100))))
    return stage


async def test_all_of_them_are_delivered_once_and_in_order(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=100, max_concurrency=1)
    await stage.clock.idle()
    assert " ".join(worker.seen).split() == list(map(str, range(COUNT)))


async def test_they_are_delivered_after_a_restart(stage: Stage) -> None:
    await stage.start()
    worker = stage.consume("jobs", max_batch_size=100, max_concurrency=1)
    await stage.send("jobs", "last")
    assert " ".join(worker.seen).split() == [*map(str, range(COUNT)), "last"]


async def test_a_restart_reads_only_what_is_needed_soon(stage: Stage) -> None:
    await stage.start()
    lane = stage.broker._lanes.known("jobs")
    assert lane.backlog.count == COUNT
    assert len(lane.backlog) < 1_000


async def test_the_backlog_is_counted_in_full(stage: Stage) -> None:
    metrics = stage.broker.metrics("jobs")
    assert metrics.backlog_count == COUNT
    assert metrics.backlog_bytes == sum(len(str(number)) for number in range(COUNT))


async def test_messages_that_come_meanwhile_wait_behind_those_on_disk(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(1), max_batch_size=100, max_concurrency=1)
    await stage.advance(30)
    await stage.send("jobs", "new")
    await stage.advance(200)
    assert " ".join(worker.seen).split() == [*map(str, range(COUNT)), "new"]


async def test_large_messages_are_counted_by_their_size(stage: Stage) -> None:
    for _ in range(40):
        await stage.broker.send("large", texts("x" * 100_000, "y" * 100_000))
    await stage.start()
    stage.broker.metrics("large")
    lane = stage.broker._lanes.known("large")
    assert lane.backlog.count == 80
    worker = stage.consume("large", max_batch_size=2)
    await stage.clock.idle()
    assert len(worker.messages) == 80
