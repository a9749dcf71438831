"""Messages that are to be delivered later."""

from __future__ import annotations

from tests.queues.stage import SECOND, Stage, texts


async def test_a_delayed_message_comes_when_it_is_due(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "later", delay_s=3)
    await stage.send("jobs", "now")
    await stage.advance(10)
    assert worker.seen == ["now", "later"]
    assert worker.times == [0, 3 * SECOND]


async def test_its_timestamp_is_the_time_when_it_was_sent(stage: Stage) -> None:
    worker = stage.consume("jobs")
    sent_at = stage.clock.now()
    await stage.send("jobs", "later", delay_s=3)
    await stage.advance(10)
    assert worker.messages[0].timestamp_ms == sent_at


async def test_its_batch_begins_to_fill_when_it_is_due(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_timeout_s=2)
    await stage.send("jobs", "later", delay_s=3)
    await stage.advance(10)
    assert worker.times == [5 * SECOND]


async def test_the_delay_of_a_message_goes_before_the_one_of_the_batch(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.broker.send(
        "jobs", [*texts("batch"), *texts("own", delay_s=1), *texts("none", delay_s=0)], delay_s=2
    )
    await stage.advance(10)
    assert worker.seen == ["none", "own", "batch"]
    assert worker.times == [0, 1 * SECOND, 2 * SECOND]


async def test_the_delay_of_the_batch_goes_before_the_one_of_the_queue(stage: Stage) -> None:
    await stage.delay("jobs", 5)
    worker = stage.consume("jobs")
    await stage.send("jobs", "queue")
    await stage.send("jobs", "batch", delay_s=2)
    await stage.send("jobs", "none", delay_s=0)
    await stage.advance(10)
    assert worker.seen == ["none", "batch", "queue"]
    assert worker.times == [0, 2 * SECOND, 5 * SECOND]


async def test_a_shorter_delay_overtakes_a_longer_one(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "three", delay_s=3)
    await stage.send("jobs", "one", delay_s=1)
    await stage.send("jobs", "two", delay_s=2)
    await stage.advance(10)
    assert worker.seen == ["one", "two", "three"]


async def test_messages_due_together_come_together(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "a", delay_s=3)
    await stage.advance(1)
    await stage.send("jobs", "b", delay_s=2)
    await stage.advance(10)
    assert worker.seen == ["a b"]


async def test_however_many_are_delayed_one_timer_waits_for_them(stage: Stage) -> None:
    for delay in range(5, 0, -1):
        await stage.send("jobs", *["x"] * 20, delay_s=delay)
    labels = [timer.label for timer in stage.clock.upcoming()]
    assert labels == ["messages of jobs are due", "messages expire"]


async def test_thousands_that_are_due_together_all_come(stage: Stage) -> None:
    worker = stage.consume("jobs", max_batch_size=100)
    for _ in range(25):
        await stage.broker.send("jobs", texts(*["x"] * 100), delay_s=60)
    await stage.advance(60)
    assert len(worker.messages) == 2_500
    assert len({message.id for message in worker.messages}) == 2_500
