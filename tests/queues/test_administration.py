"""Seeing and steering queues."""

from __future__ import annotations

import pytest

from flarelocal.queues import (
    ConsumerSettings,
    ConsumerSettingsError,
    QueueNotFoundError,
    QueueSettings,
    QueueSettingsError,
    State,
    queue_id,
)
from flarelocal.queues.events import QueuePaused, QueuePurged, QueueResumed
from tests.queues.stage import DAY, RETRY, SECOND, Stage


class TestPause:
    async def test_nothing_is_delivered_but_everything_accepted(self, stage: Stage) -> None:
        worker = stage.consume("jobs")
        await stage.broker.pause("jobs")
        await stage.send("jobs", "a")
        await stage.advance(60)
        assert worker.seen == []
        assert stage.broker.metrics("jobs").backlog_count == 1

    async def test_delivery_goes_on_afterwards(self, stage: Stage) -> None:
        worker = stage.consume("jobs")
        await stage.broker.pause("jobs")
        await stage.send("jobs", "a")
        await stage.broker.resume("jobs")
        await stage.clock.idle()
        assert worker.seen == ["a"]
        assert stage.events(QueuePaused) == [QueuePaused("jobs")]
        assert stage.events(QueueResumed) == [QueueResumed("jobs")]

    async def test_a_batch_that_was_being_filled_is_filled_anew(self, stage: Stage) -> None:
        worker = stage.consume("jobs", max_batch_timeout_s=5)
        await stage.send("jobs", "a")
        await stage.advance(3)
        await stage.broker.pause("jobs")
        await stage.advance(10)
        await stage.broker.resume("jobs")
        await stage.advance(10)
        assert worker.times == [18 * SECOND]

    async def test_a_batch_under_way_is_finished(self, stage: Stage) -> None:
        worker = stage.consume("jobs", stage.slow(5), max_batch_size=1)
        await stage.send("jobs", "a", "b")
        await stage.broker.pause("jobs")
        await stage.advance(10)
        assert worker.seen == ["a"]
        assert await stage.waiting("jobs") == "b"

    async def test_other_queues_go_on(self, stage: Stage) -> None:
        await stage.broker.create("jobs")
        await stage.broker.pause("jobs")
        worker = stage.consume("mails")
        await stage.send("mails", "m")
        assert worker.seen == ["m"]


class TestPurge:
    async def test_everything_goes_also_what_is_delayed(self, stage: Stage) -> None:
        await stage.send("jobs", "a", "b")
        await stage.send("jobs", "later", delay_s=60)
        assert await stage.broker.purge("jobs") == 3
        assert await stage.waiting("jobs") == ""
        worker = stage.consume("jobs")
        await stage.advance(120)
        assert worker.seen == []
        assert stage.events(QueuePurged) == [QueuePurged("jobs", 3)]

    async def test_what_is_with_a_consumer_does_not_come_again(self, stage: Stage) -> None:
        worker = stage.consume("jobs", stage.slow(5, RETRY))
        await stage.send("jobs", "a")
        await stage.broker.purge("jobs")
        await stage.advance(60)
        assert worker.attempts == [1]

    async def test_the_queue_is_as_good_as_new(self, stage: Stage) -> None:
        worker = stage.consume("jobs", max_batch_timeout_s=5)
        await stage.send("jobs", "old")
        await stage.broker.purge("jobs")
        await stage.send("jobs", "new")
        await stage.advance(5)
        assert worker.seen == ["new"]

    async def test_single_messages_are_discarded(self, stage: Stage) -> None:
        await stage.send("jobs", "a", "b", "c")
        stored = await stage.broker.peek("jobs")
        chosen = stored[1].message.id
        strange = ["0" * 32, "f" * 32, "nonsense", "x" * 16 + chosen[16:]]
        assert await stage.broker.discard("jobs", [chosen, *strange]) == [chosen]
        assert await stage.broker.discard("jobs", [chosen]) == []
        assert await stage.waiting("jobs") == "a c"
        worker = stage.consume("jobs")
        await stage.clock.idle()
        assert worker.seen == ["a c"]


class TestPeek:
    async def test_messages_stay_where_they_are(self, stage: Stage) -> None:
        await stage.send("jobs", "a")
        assert await stage.waiting("jobs") == "a"
        assert await stage.waiting("jobs") == "a"
        worker = stage.consume("jobs")
        await stage.clock.idle()
        assert worker.attempts == [1]

    async def test_each_has_its_state(self, stage: Stage) -> None:
        now = stage.clock.now()
        stage.consume("jobs", stage.slow(60), max_batch_size=1, max_concurrency=1)
        await stage.send("jobs", "busy", "ready")
        await stage.send("jobs", "later", delay_s=5)
        busy, ready, later = await stage.broker.peek("jobs")
        assert [each.state for each in (busy, ready, later)] == [
            State.IN_FLIGHT,
            State.READY,
            State.DELAYED,
        ]
        assert (ready.due_ms, later.due_ms) == (None, now + 5 * SECOND)
        assert ready.expires_ms == now + 4 * DAY

    async def test_only_one_state_if_asked(self, stage: Stage) -> None:
        stage.consume("jobs", stage.slow(60), max_batch_size=1, max_concurrency=1)
        await stage.send("jobs", "busy", "ready")
        await stage.send("jobs", "later", delay_s=5)
        for state, body in (
            (State.IN_FLIGHT, b"busy"),
            (State.READY, b"ready"),
            (State.DELAYED, b"later"),
        ):
            (stored,) = await stage.broker.peek("jobs", state=state)
            assert stored.message.body == body

    async def test_page_by_page(self, stage: Stage) -> None:
        await stage.send("jobs", *"abcde")
        first = await stage.broker.peek("jobs", limit=2)
        second = await stage.broker.peek("jobs", limit=2, offset=2)
        assert [each.message.body for each in first + second] == [b"a", b"b", b"c", b"d"]


class TestQueues:
    async def test_a_queue_at_a_glance(self, stage: Stage) -> None:
        created = stage.clock.now()
        worker = stage.consume(
            "jobs", stage.slow(60), max_batch_size=2, max_concurrency=1, script="shop"
        )
        await stage.send("jobs", *"abcde")
        await stage.send("jobs", "later", delay_s=5)
        info = await stage.broker.info("jobs")
        assert (info.name, info.id, info.created_ms) == ("jobs", queue_id("jobs"), created)
        assert (info.ready, info.delayed, info.in_flight, info.dead_letters) == (3, 1, 2, 0)
        assert (info.settings, info.concurrency) == (QueueSettings(), 1)
        assert isinstance(info.consumer, ConsumerSettings)
        assert info.consumer.script == "shop"
        assert worker.running == 1

    async def test_queues_are_listed_by_name(self, stage: Stage) -> None:
        await stage.send("mails", "m")
        stage.consume("jobs", dead_letter_queue="dead")
        await stage.broker.create("empty")
        assert [info.name for info in await stage.broker.queues()] == [
            "dead",
            "empty",
            "jobs",
            "mails",
        ]

    async def test_a_new_queue_has_the_settings_it_was_created_with(self, stage: Stage) -> None:
        settings = QueueSettings(delivery_delay_s=5)
        assert (await stage.broker.create("jobs", settings)).settings == settings

    async def test_creating_a_queue_again_changes_nothing(self, stage: Stage) -> None:
        await stage.delay("jobs", 5)
        info = await stage.broker.create("jobs", QueueSettings())
        assert info.settings.delivery_delay_s == 5

    async def test_a_change_has_its_time(self, stage: Stage) -> None:
        created = await stage.broker.create("jobs")
        await stage.advance(5)
        await stage.delay("jobs", 5)
        info = await stage.broker.info("jobs")
        assert info.created_ms == created.created_ms
        assert info.modified_ms == created.created_ms + 5 * SECOND

    async def test_a_deleted_queue_is_gone_with_its_messages(self, stage: Stage) -> None:
        await stage.send("jobs", "a")
        await stage.broker.delete("jobs")
        assert await stage.broker.queues() == []
        await stage.start()
        assert await stage.broker.queues() == []

    async def test_a_released_queue_keeps_its_messages(self, stage: Stage) -> None:
        worker = stage.consume("jobs", max_batch_timeout_s=5)
        await stage.send("jobs", "a")
        stage.broker.release("jobs")
        await stage.advance(60)
        assert worker.seen == []
        assert await stage.waiting("jobs") == "a"

    async def test_a_reload_replaces_the_consumer(self, stage: Stage) -> None:
        old = stage.consume("jobs", max_batch_timeout_s=5)
        await stage.send("jobs", "a")
        new = stage.consume("jobs", max_batch_timeout_s=2)
        await stage.advance(60)
        assert (old.seen, new.seen) == ([], ["a"])

    @pytest.mark.parametrize("verb", ["pause", "resume", "purge", "delete", "info", "peek", "pull"])
    async def test_what_does_not_exist_cannot_be_steered(self, stage: Stage, verb: str) -> None:
        with pytest.raises(QueueNotFoundError, match='"nothing" does not exist') as refusal:
            await getattr(stage.broker, verb)("nothing")
        assert (refusal.value.code, refusal.value.status) == (10104, 404)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_batch_size": 0},
        {"max_batch_size": 101},
        {"max_batch_timeout_s": 61},
        {"max_retries": 101},
        {"max_retries": -1},
        {"max_concurrency": 251},
        {"retry_delay_s": 86_401},
    ],
)
def test_settings_of_a_consumer_have_their_ranges(wrong: dict[str, int]) -> None:
    with pytest.raises(ConsumerSettingsError, match="choose between"):
        ConsumerSettings("jobs", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [{"delivery_delay_s": 86_401}, {"retention_s": 59}, {"retention_s": 1_209_601}],
)
def test_settings_of_a_queue_have_their_ranges(wrong: dict[str, int]) -> None:
    with pytest.raises(QueueSettingsError, match="choose between"):
        QueueSettings(**wrong)  # type: ignore[arg-type]
