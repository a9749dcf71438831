"""How many batches a consumer has at a time ("Consumer concurrency")."""

from __future__ import annotations

from flarelocal.queues.scale import Scale
from tests.queues.stage import ACK, RETRY, THROW, Stage


async def test_one_at_a_time_when_that_is_the_limit(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(1), max_batch_size=1, max_concurrency=1)
    await stage.send("jobs", *["x"] * 20)
    await stage.advance(30)
    assert (len(worker.batches), worker.most) == (20, 1)


async def test_a_backlog_makes_it_grow_up_to_the_limit(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(1), max_batch_size=1, max_concurrency=3)
    await stage.send("jobs", *["x"] * 20)
    await stage.advance(30)
    assert (len(worker.batches), worker.most) == (20, 3)


async def test_without_a_limit_a_short_backlog_is_worked_off_in_order(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(1), max_batch_size=1)
    await stage.send("jobs", *"abcde")
    await stage.advance(10)
    assert (worker.seen, worker.most) == ([*"abcde"], 1)


async def test_without_a_limit_a_long_backlog_makes_it_grow(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(1), max_batch_size=1)
    await stage.send("jobs", *["x"] * 100)
    await stage.advance(60)
    assert len(worker.batches) == 100
    assert worker.most > 5


async def test_a_steady_stream_is_met_with_as_many_as_it_takes(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(5), max_batch_size=100)
    for _ in range(120):
        await stage.send("jobs", *["x"] * 100)
        await stage.advance(1)
    assert 5 <= worker.running <= 8
    assert (await stage.broker.info("jobs")).concurrency <= 8


async def test_it_shrinks_when_there_is_little_to_do(stage: Stage) -> None:
    stage.consume("jobs", stage.slow(1), max_batch_size=1, max_concurrency=5)
    await stage.send("jobs", *["x"] * 30)
    await stage.advance(5)
    assert (await stage.broker.info("jobs")).concurrency == 5
    await stage.advance(30)
    assert (await stage.broker.info("jobs")).concurrency == 1


async def test_failures_keep_it_small(stage: Stage) -> None:
    worker = stage.consume(
        "jobs", stage.slow(1, THROW), max_batch_size=1, max_concurrency=5, max_retries=0
    )
    await stage.send("jobs", *["x"] * 20)
    await stage.advance(30)
    assert (len(worker.batches), worker.most) == (20, 1)


async def test_retries_that_were_asked_for_are_no_failures(stage: Stage) -> None:
    worker = stage.consume(
        "jobs", stage.slow(1, RETRY), max_batch_size=1, max_concurrency=5, max_retries=0
    )
    await stage.send("jobs", *["x"] * 20)
    await stage.advance(30)
    assert worker.most == 5


async def test_a_new_consumer_waits_for_the_batches_of_the_old_one(stage: Stage) -> None:
    old = stage.consume("jobs", stage.slow(10), max_batch_size=1, max_concurrency=1)
    await stage.send("jobs", "a", "b")
    new = stage.consume("jobs", ACK, max_batch_size=1, max_concurrency=1)
    await stage.advance(9)
    assert (old.seen, new.seen) == (["a"], [])
    await stage.advance(1)
    assert (old.seen, new.seen) == (["a"], ["b"])


def test_one_failure_among_many_successes_does_not_matter() -> None:
    scale = Scale(10, batch_size=1)
    for failed in (False, False, True, False):
        scale.adjust(100, failed=failed)
    assert scale.allowed == 5


def test_it_never_goes_beyond_what_production_has() -> None:
    scale = Scale(None, batch_size=1)
    for _ in range(300):
        scale.adjust(1_000_000, failed=False)
    assert scale.allowed == 250
