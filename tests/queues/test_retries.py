"""Messages come again until they are acknowledged, or have been tried too often."""

from __future__ import annotations

import asyncio

from flarelocal.queues import Batch, Verdict
from flarelocal.queues.events import BatchEnded, MessageDropped
from tests.queues.stage import ACK, RETRY, SECOND, THROW, Stage


async def test_a_message_that_failed_comes_again_with_one_more_attempt(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW, ACK)
    await stage.send("jobs", "a")
    first, second = worker.messages
    assert (first.attempts, second.attempts) == (1, 2)
    assert (first.id, first.timestamp_ms) == (second.id, second.timestamp_ms)


async def test_an_exception_of_the_handler_fails_the_batch(stage: Stage) -> None:
    def fail(batch: Batch) -> Verdict:
        raise ValueError("the handler is broken")

    worker = stage.consume("jobs", fail, ACK)
    await stage.send("jobs", "a", "b")
    assert worker.attempts == [1, 1, 2, 2]
    ended = stage.events(BatchEnded)[0]
    assert (ended.outcome, ended.acked, ended.retried) == ("exception", 0, 2)
    assert "ValueError: the handler is broken" in ended.error


async def test_a_handler_that_was_cancelled_from_within_fails_the_batch(stage: Stage) -> None:
    def fail(batch: Batch) -> Verdict:
        raise asyncio.CancelledError

    worker = stage.consume("jobs", fail, ACK)
    await stage.send("jobs", "a")
    assert worker.attempts == [1, 2]


async def test_only_what_is_to_be_retried_comes_again(stage: Stage) -> None:
    def retry_second(batch: Batch) -> Verdict:
        return Verdict(retries={batch.messages[1].id: None})

    worker = stage.consume("jobs", retry_second, ACK)
    await stage.send("jobs", "a", "b", "c")
    assert worker.seen == ["a b c", "b"]


async def test_a_retried_message_waits_behind_the_others(stage: Stage) -> None:
    worker = stage.consume("jobs", RETRY, ACK, max_batch_size=2)
    await stage.send("jobs", "a", "b", "c", "d")
    assert worker.seen == ["a b", "c d", "a b"]


async def test_a_retried_message_joins_a_batch_that_is_being_filled(stage: Stage) -> None:
    worker = stage.consume("jobs", RETRY, ACK, max_batch_timeout_s=1)
    await stage.send("jobs", "old")
    await stage.advance(1.4)
    await stage.send("jobs", "new")
    await stage.advance(2)
    assert worker.seen == ["old", "old new"]
    assert worker.times == [SECOND, 2 * SECOND]


async def test_a_message_is_dropped_after_its_last_retry(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW, max_retries=2)
    await stage.send("jobs", "a")
    assert worker.attempts == [1, 2, 3]
    assert await stage.waiting("jobs") == ""
    identity = worker.messages[0].id
    assert stage.events(MessageDropped) == [MessageDropped("jobs", identity, attempts=3)]


async def test_without_retries_a_message_is_tried_once(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW, max_retries=0)
    await stage.send("jobs", "a")
    assert worker.attempts == [1]


async def test_a_message_is_tried_four_times_by_default(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW)
    await stage.send("jobs", "a")
    assert worker.attempts == [1, 2, 3, 4]


async def test_a_delayed_retry_waits(stage: Stage) -> None:
    worker = stage.consume("jobs", Verdict(retry_all=True, retry_all_delay_s=30), ACK)
    await stage.send("jobs", "a")
    assert (await stage.broker.info("jobs")).delayed == 1
    await stage.advance(60)
    assert worker.times == [0, 30 * SECOND]


async def test_messages_of_one_batch_may_wait_for_different_times(stage: Stage) -> None:
    def delays(batch: Batch) -> Verdict:
        return Verdict(retries={batch.messages[0].id: 9, batch.messages[1].id: 3})

    worker = stage.consume("jobs", delays, ACK)
    await stage.send("jobs", "a", "b")
    await stage.advance(10)
    assert worker.seen == ["a b", "b", "a"]
    assert worker.times == [0, 3 * SECOND, 9 * SECOND]


async def test_the_retry_delay_of_the_consumer_holds_for_failures(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW, ACK, retry_delay_s=20)
    await stage.send("jobs", "a")
    await stage.advance(60)
    assert worker.times == [0, 20 * SECOND]


async def test_the_delay_of_the_queue_does_not_hold_for_retries(stage: Stage) -> None:
    await stage.delay("jobs", 10)
    worker = stage.consume("jobs", RETRY, ACK)
    await stage.send("jobs", "a")
    await stage.advance(20)
    assert worker.times == [10 * SECOND, 10 * SECOND]
