"""Where messages go that were tried too often."""

from __future__ import annotations

import pytest

from flarelocal.queues import ConsumerSettings, ConsumerSettingsError, QueueSettings
from flarelocal.queues.events import MessageDeadLettered, MessagesRedriven
from tests.queues.stage import ACK, DAY, SECOND, THROW, Stage


async def test_a_dead_letter_keeps_id_time_and_type_and_begins_to_count_anew(
    stage: Stage,
) -> None:
    worker = stage.consume("jobs", THROW, max_retries=1, dead_letter_queue="dead")
    await stage.send("jobs", "a")
    await stage.advance(5)
    grave = stage.consume("dead")
    await stage.advance(5)
    first, (letter,) = worker.messages[0], grave.messages
    assert letter == first


async def test_a_dead_letter_queue_needs_neither_consumer_nor_declaration(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW, max_retries=0, dead_letter_queue="dead")
    await stage.send("jobs", "a", "b")
    assert await stage.waiting("dead") == "a b"
    assert await stage.waiting("jobs") == ""
    assert stage.events(MessageDeadLettered) == [
        MessageDeadLettered("jobs", message.id, attempts=1, dead_letter_queue="dead")
        for message in worker.messages
    ]


async def test_dead_letters_survive_the_process(stage: Stage) -> None:
    stage.consume("jobs", THROW, max_retries=0, dead_letter_queue="dead")
    await stage.send("jobs", "a")
    await stage.start()
    (letter,) = await stage.broker.peek("dead")
    assert (letter.message.attempts, letter.dead_letter_of) == (1, "jobs")


async def test_a_dead_letter_queue_may_have_one_itself(stage: Stage) -> None:
    stage.consume("jobs", THROW, max_retries=0, dead_letter_queue="dead")
    stage.consume("dead", THROW, max_retries=1, dead_letter_queue="deader")
    last = stage.consume("deader")
    await stage.send("jobs", "a")
    assert (last.seen, last.attempts) == (["a"], [1])


async def test_two_queues_may_be_the_dead_letter_queues_of_each_other(stage: Stage) -> None:
    ping = stage.consume(
        "ping", THROW, max_retries=0, dead_letter_queue="pong", max_batch_timeout_s=1
    )
    pong = stage.consume(
        "pong", THROW, max_retries=0, dead_letter_queue="ping", max_batch_timeout_s=1
    )
    await stage.send("ping", "a")
    await stage.advance(6)
    assert (len(ping.batches), len(pong.batches)) == (3, 3)
    assert {message.id for message in ping.messages + pong.messages} == {ping.messages[0].id}


def test_a_queue_cannot_be_its_own_dead_letter_queue() -> None:
    with pytest.raises(ConsumerSettingsError, match='queue "jobs" cannot be itself'):
        ConsumerSettings("jobs", dead_letter_queue="jobs")


async def test_dead_letters_are_delayed_by_the_settings_of_their_queue(stage: Stage) -> None:
    await stage.delay("dead", 30)
    stage.consume("jobs", THROW, max_retries=0, dead_letter_queue="dead")
    grave = stage.consume("dead")
    await stage.send("jobs", "a")
    await stage.advance(60)
    assert grave.times == [30 * SECOND]


async def test_dead_letters_are_kept_for_as_long_as_their_queue_says(stage: Stage) -> None:
    await stage.broker.configure("dead", QueueSettings(retention_s=60))
    stage.consume("jobs", THROW, max_retries=0, dead_letter_queue="dead")
    await stage.send("jobs", "a")
    await stage.advance(59)
    assert await stage.waiting("dead") == "a"
    await stage.advance(1)
    assert await stage.waiting("dead") == ""


async def test_time_begins_anew_for_a_dead_letter(stage: Stage) -> None:
    stage.consume("jobs", THROW, max_retries=1, retry_delay_s=86_400, dead_letter_queue="dead")
    await stage.send("jobs", "a")
    await stage.clock.advance(DAY + 3.5 * DAY)
    assert await stage.waiting("dead") == "a"
    await stage.clock.advance(0.5 * DAY)
    assert await stage.waiting("dead") == ""


async def test_fewer_retries_after_a_reload_bury_what_had_more(stage: Stage) -> None:
    stage.consume("jobs", THROW, ACK, max_retries=5, retry_delay_s=10)
    await stage.send("jobs", "a")
    worker = stage.consume("jobs", max_retries=0, dead_letter_queue="dead")
    await stage.advance(10)
    assert worker.seen == []
    assert await stage.waiting("dead") == "a"
    assert stage.events(MessageDeadLettered)[0].attempts == 1


class TestRedrive:
    @pytest.fixture
    async def stage(self, stage: Stage) -> Stage:
        stage.consume("jobs", THROW, max_retries=0, dead_letter_queue="dead")
        stage.consume("mails", THROW, max_retries=0, dead_letter_queue="dead")
        await stage.send("jobs", "a", "b", "c")
        await stage.send("mails", "m")
        stage.broker.release("jobs")
        stage.broker.release("mails")
        return stage

    async def test_all_dead_letters_go_back_to_where_they_came_from(self, stage: Stage) -> None:
        assert await stage.broker.redrive("dead") == 4
        assert await stage.waiting("jobs") == "a b c"
        assert await stage.waiting("mails") == "m"
        assert await stage.waiting("dead") == ""
        assert stage.events(MessagesRedriven) == [MessagesRedriven("dead", 4)]

    async def test_one_dead_letter_goes_back(self, stage: Stage) -> None:
        letters = await stage.broker.peek("dead")
        assert await stage.broker.redrive("dead", [letters[1].message.id]) == 1
        assert await stage.waiting("jobs") == "b"
        assert await stage.waiting("dead") == "a c m"

    async def test_what_goes_back_is_delivered_as_for_the_first_time(self, stage: Stage) -> None:
        await stage.broker.redrive("dead")
        worker = stage.consume("jobs")
        await stage.clock.idle()
        assert (worker.seen, worker.attempts) == (["a b c"], [1, 1, 1])

    async def test_it_joins_behind_what_is_there_already(self, stage: Stage) -> None:
        await stage.send("jobs", "new")
        await stage.broker.redrive("dead")
        await stage.send("jobs", "newer")
        worker = stage.consume("jobs")
        await stage.clock.idle()
        assert worker.seen == ["new a b c newer"]

    async def test_a_letter_goes_back_only_once(self, stage: Stage) -> None:
        await stage.broker.redrive("dead")
        assert await stage.broker.redrive("dead") == 0

    async def test_what_was_sent_to_the_queue_itself_stays(self, stage: Stage) -> None:
        await stage.send("dead", "direct")
        assert await stage.broker.redrive("dead") == 4
        assert await stage.waiting("dead") == "direct"

    async def test_what_is_with_a_consumer_stays(self, stage: Stage) -> None:
        stage.consume("dead", stage.slow(5), max_batch_size=1, max_concurrency=1)
        await stage.clock.idle()
        assert await stage.broker.redrive("dead") == 3
        assert await stage.waiting("jobs") == "b c"

    async def test_dead_letters_are_counted_where_they_came_from(self, stage: Stage) -> None:
        infos = {info.name: info for info in await stage.broker.queues()}
        assert {name: info.dead_letters for name, info in infos.items()} == {
            "dead": 0,
            "jobs": 3,
            "mails": 1,
        }
        assert infos["dead"].ready == 4
