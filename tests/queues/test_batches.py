"""When a batch is delivered, and what is in it."""

from __future__ import annotations

import asyncio

from flarelocal.queues import Batch, Metrics, Verdict
from flarelocal.queues.events import BatchEnded, BatchStarted
from tests.queues.stage import SECOND, Stage, texts


async def test_a_full_batch_is_delivered_at_once(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=2, max_batch_timeout_s=5)
    await stage.send("jobs", "a", "b")
    assert (worker.seen, worker.times) == (["a b"], [0])


async def test_a_batch_that_is_not_full_is_delivered_after_the_timeout(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=10, max_batch_timeout_s=5)
    await stage.send("jobs", "a", "b")
    await stage.advance(4.999)
    assert worker.seen == []
    await stage.advance(0.001)
    assert (worker.seen, worker.times) == (["a b"], [5 * SECOND])


async def test_the_timeout_counts_from_the_first_message(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=10, max_batch_timeout_s=5)
    await stage.send("jobs", "a")
    await stage.advance(4)
    await stage.send("jobs", "b")
    await stage.advance(10)
    assert (worker.seen, worker.times) == (["a b"], [5 * SECOND])


async def test_what_a_full_batch_leaves_behind_waits_for_the_timeout(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=5, max_batch_timeout_s=1)
    await stage.send("jobs", *"abcdefg")
    await stage.advance(2)
    assert worker.seen == ["a b c d e", "f g"]
    assert worker.times == [0, SECOND]


async def test_a_timed_out_batch_takes_those_that_came_meanwhile(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=5, max_batch_timeout_s=1)
    await stage.send("jobs", *"abcdef")
    await stage.send("jobs", *"ghijk")
    await stage.advance(2)
    assert worker.seen == ["a b c d e", "f g h i j", "k"]


async def test_the_timeout_begins_anew_after_a_full_batch(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=2, max_batch_timeout_s=5)
    await stage.send("jobs", "a")
    await stage.advance(4)
    await stage.send("jobs", "b", "c")
    await stage.advance(10)
    assert worker.seen == ["a b", "c"]
    assert worker.times == [4 * SECOND, 9 * SECOND]


async def test_without_a_timeout_a_message_is_delivered_at_once(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_timeout_s=0)
    await stage.send("jobs", "a")
    assert (worker.seen, worker.times) == (["a"], [0])


async def test_messages_sent_in_one_turn_share_a_batch(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_timeout_s=0)
    await asyncio.gather(*(stage.broker.send("jobs", texts(body)) for body in "abc"))
    await stage.clock.idle()
    assert worker.seen == ["a b c"]


async def test_messages_come_in_the_order_in_which_they_were_sent(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=100, max_batch_timeout_s=1)
    for number in range(40):
        await stage.send("jobs", f"{number}-1", f"{number}-2")
    await stage.advance(1)
    expected = [f"{number}-{part}" for number in range(40) for part in (1, 2)]
    assert " ".join(worker.seen).split() == expected


async def test_the_timeout_begins_when_the_consumer_is_free_again(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(3), max_batch_timeout_s=1)
    await stage.send("jobs", "a")
    await stage.advance(2)
    await stage.send("jobs", "b")
    await stage.advance(10)
    assert worker.times == [1 * SECOND, 5 * SECOND]


async def test_a_batch_tells_what_is_left_after_it(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=2, max_batch_timeout_s=1)
    sent_at = stage.clock.now()
    await stage.send("jobs", "a", "b", "four")
    await stage.advance(1)
    assert [batch.metrics for batch in worker.batches] == [
        Metrics(1, 4, sent_at),
        Metrics(0, 0, None),
    ]


async def test_a_busy_queue_does_not_hold_up_another(stage: Stage) -> None:
    order: list[str] = []

    def note(batch: Batch) -> Verdict:
        order.append(batch.queue)
        return Verdict()

    stage.consume("busy", note, max_batch_size=1)
    stage.consume("quiet", note, max_batch_size=1)
    await asyncio.gather(
        stage.broker.send("busy", texts(*["x"] * 100)), stage.broker.send("quiet", texts("y"))
    )
    await stage.clock.idle()
    assert order.index("quiet") <= 2


async def test_the_journal_has_the_beginning_and_the_end_of_a_batch(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(2), script="shop")
    await stage.send("jobs", "a", "b")
    batch = worker.batches[0].id
    assert stage.events(BatchStarted) == [BatchStarted("jobs", batch, "shop", messages=2)]
    await stage.advance(2)
    assert stage.events(BatchEnded) == [
        BatchEnded(
            "jobs",
            batch,
            "shop",
            "ok",
            acked=2,
            retried=0,
            spent=0,
            duration_ms=2 * SECOND,
            error=None,
        )
    ]


async def test_nothing_stays_behind_when_everything_was_acknowledged(stage: Stage) -> None:
    stage.consume("jobs", max_batch_timeout_s=5)
    await stage.send("jobs", "a", "b")
    await stage.advance(5)
    info = await stage.broker.info("jobs")
    assert (info.ready, info.delayed, info.in_flight) == (0, 0, 0)
    assert await stage.waiting("jobs") == ""
    assert stage.clock.upcoming() == []
