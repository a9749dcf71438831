"""Messages are kept for some days, whatever else happens."""

from __future__ import annotations

from flarelocal.clock import Order
from flarelocal.queues import QueueSettings
from flarelocal.queues.events import MessagesExpired
from tests.queues.stage import DAY, RETRY, Stage, texts


async def test_a_message_is_kept_for_four_days(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.clock.advance(4 * DAY - 1)
    assert await stage.waiting("jobs") == "a"
    await stage.clock.advance(1)
    assert await stage.waiting("jobs") == ""
    assert stage.broker.metrics("jobs").backlog_count == 0
    assert stage.events(MessagesExpired) == [MessagesExpired("jobs", 1)]


async def test_each_message_has_its_own_time(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.clock.advance(DAY)
    await stage.send("jobs", "b")
    await stage.clock.advance(3 * DAY)
    assert await stage.waiting("jobs") == "b"
    await stage.clock.advance(DAY)
    assert await stage.waiting("jobs") == ""


async def test_time_goes_on_while_delivery_is_paused(stage: Stage) -> None:
    stage.consume("jobs")
    await stage.broker.pause("jobs")
    await stage.send("jobs", "a")
    await stage.clock.advance(4 * DAY)
    assert await stage.waiting("jobs") == ""


async def test_time_goes_on_between_retries(stage: Stage) -> None:
    worker = stage.consume("jobs", RETRY, max_retries=100, retry_delay_s=86_400)
    await stage.send("jobs", "a")
    await stage.clock.advance(10 * DAY)
    assert worker.attempts == [1, 2, 3, 4, 5]


async def test_a_message_that_is_with_its_consumer_is_not_retried_any_more(stage: Stage) -> None:
    await stage.broker.configure("jobs", QueueSettings(retention_s=60))
    worker = stage.consume("jobs", stage.slow(100, RETRY))
    await stage.send("jobs", "a")
    await stage.advance(200)
    assert worker.attempts == [1]
    assert await stage.waiting("jobs") == ""


async def test_a_changed_retention_holds_for_messages_that_are_there(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.advance(30)
    await stage.broker.configure("jobs", QueueSettings(retention_s=60))
    await stage.advance(29)
    assert await stage.waiting("jobs") == "a"
    await stage.advance(1)
    assert await stage.waiting("jobs") == ""


async def test_what_expired_while_no_process_ran_is_gone(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.crash()
    await stage.clock.advance(5 * DAY)
    await stage.start()
    worker = stage.consume("jobs", max_batch_timeout_s=1)
    await stage.advance(5)
    assert worker.seen == []


async def test_thousands_expire_together(stage: Stage) -> None:
    for _ in range(25):
        await stage.broker.send("jobs", texts(*["x"] * 100))
    await stage.clock.advance(4 * DAY)
    info = await stage.broker.info("jobs")
    assert (info.ready, stage.clock.upcoming()) == (0, [])


async def test_expiry_comes_after_delivery_at_the_same_instant(stage: Stage) -> None:
    await stage.broker.configure("jobs", QueueSettings(retention_s=60))
    worker = stage.consume("jobs", max_batch_timeout_s=60)
    await stage.send("jobs", "a")
    orders = [timer.order for timer in stage.clock.upcoming()]
    assert orders == [Order.QUEUE, Order.EXPIRY]
    await stage.advance(60)
    assert worker.seen == ["a"]
