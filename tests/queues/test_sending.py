"""What a producer sends is checked, stored and counted."""

from __future__ import annotations

import pytest

from flarelocal.queues import (
    BatchCountError,
    BatchDelayError,
    BatchSizeError,
    ContentType,
    Limits,
    MessageMetadataError,
    MessageSizeError,
    Metrics,
    OutgoingMessage,
    QueueError,
    QueueOverloadedError,
    QueueStorageError,
)
from flarelocal.queues.events import QueueWithoutConsumer
from tests.queues.stage import Stage, texts


async def test_a_message_keeps_its_body_type_and_time(stage: Stage) -> None:
    worker = stage.consume("jobs")
    sent_at = stage.clock.now()
    await stage.broker.send("jobs", [OutgoingMessage(b"\x00\xff", ContentType.BYTES, 2)])
    await stage.advance(2)
    (message,) = worker.messages
    assert (message.body, message.content_type) == (b"\x00\xff", ContentType.BYTES)
    assert (message.timestamp_ms, message.attempts) == (sent_at, 1)


async def test_ids_are_32_hexadecimal_digits_and_all_different(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "a", "b")
    await stage.send("jobs", "c")
    ids = [message.id for message in worker.messages]
    assert len(set(ids)) == 3
    assert all(len(identity) == 32 and int(identity, 16) for identity in ids)


async def test_what_was_sent_is_on_disk_when_send_returns(stage: Stage) -> None:
    await stage.broker.send("jobs", texts("a", "b"))
    await stage.crash()
    await stage.start()
    assert await stage.waiting("jobs") == "a b"


async def test_send_tells_the_backlog_before_it(stage: Stage) -> None:
    sent_at = stage.clock.now()
    assert await stage.send("jobs", "a") == Metrics(0, 0, None)
    await stage.advance(1)
    assert await stage.send("jobs", "four") == Metrics(1, 1, sent_at)
    assert stage.broker.metrics("jobs") == Metrics(2, 5, sent_at)


async def test_the_backlog_of_an_unknown_queue_is_empty(stage: Stage) -> None:
    assert stage.broker.metrics("nothing") == Metrics(0, 0, None)


async def test_the_backlog_has_neither_delayed_messages_nor_those_in_flight(stage: Stage) -> None:
    stage.consume("jobs", stage.slow(1), max_batch_size=1)
    await stage.send("jobs", "a", "b")
    await stage.send("jobs", "later", delay_s=5)
    assert stage.broker.metrics("jobs").backlog_count == 1


async def test_sending_nothing_is_fine(stage: Stage) -> None:
    assert await stage.broker.send("jobs", []) == Metrics(0, 0, None)


REFUSALS = [
    (texts("x" * 128_001), None, MessageSizeError, 10204, 413),
    (texts(*["x"] * 101), None, BatchCountError, 10206, 413),
    (texts("x" * 128_000, "y" * 128_000, "z"), None, BatchSizeError, 10205, 413),
    (texts("x"), 86_401, BatchDelayError, 10202, 400),
    (texts("x"), -1, BatchDelayError, 10202, 400),
    (texts("x", delay_s=86_401), None, MessageMetadataError, 10203, 400),
    (texts("x", delay_s=-1), None, MessageMetadataError, 10203, 400),
]


@pytest.mark.parametrize(("messages", "delay_s", "kind", "code", "status"), REFUSALS)
async def test_what_is_beyond_a_limit_is_refused(
    stage: Stage,
    messages: list[OutgoingMessage],
    delay_s: int | None,
    kind: type[QueueError],
    code: int,
    status: int,
) -> None:
    with pytest.raises(kind) as refusal:
        await stage.broker.send("jobs", messages, delay_s=delay_s)
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert str(refusal.value).startswith(refusal.value.cause_text + ": ")
    assert await stage.broker.queues() == []


async def test_the_limits_themselves_are_accepted(stage: Stage) -> None:
    await stage.broker.send("jobs", texts("x" * 128_000, "y" * 128_000))
    await stage.broker.send("jobs", texts(*["z"] * 100), delay_s=86_400)
    info = await stage.broker.info("jobs")
    assert (info.ready, info.delayed) == (2, 100)


async def test_one_message_too_many_and_none_is_kept(stage: Stage) -> None:
    with pytest.raises(MessageSizeError, match="store the content elsewhere"):
        await stage.broker.send("jobs", texts("fine", "x" * 128_001))
    assert stage.broker.metrics("jobs").backlog_count == 0


class TestOverload:
    @pytest.fixture
    def stage(self, stage: Stage) -> Stage:
        stage._limits = Limits(rate=2, backlog_bytes=10)
        return stage

    async def test_too_many_messages_in_a_second_are_refused(self, stage: Stage) -> None:
        await stage.start()
        await stage.send("jobs", "a", "b")
        with pytest.raises(QueueOverloadedError, match="Too Many Requests") as refusal:
            await stage.send("jobs", "c")
        assert (refusal.value.code, refusal.value.status) == (10250, 429)
        await stage.send("other", "c")
        await stage.advance(1)
        await stage.send("jobs", "d")

    async def test_a_full_queue_refuses_more(self, stage: Stage) -> None:
        await stage.start()
        await stage.send("jobs", "0123456789")
        with pytest.raises(QueueStorageError, match="Storage Limit Exceeded") as refusal:
            await stage.send("jobs", "a")
        assert refusal.value.code == 10251


async def test_a_message_without_a_consumer_is_kept_and_said_once(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.send("jobs", "b")
    await stage.send("other", "c")
    assert stage.events(QueueWithoutConsumer) == [
        QueueWithoutConsumer("jobs"),
        QueueWithoutConsumer("other"),
    ]
    worker = stage.consume("jobs", max_batch_timeout_s=5)
    await stage.advance(5)
    assert worker.seen == ["a b"]


async def test_a_full_disk_refuses_the_message_and_loses_none(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "before")
    pages = (await stage.database.fetch("PRAGMA page_count"))[0][0]
    await stage.database.fetch(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(QueueError, match="database or disk is full") as refusal:
        await stage.send("jobs", *["x" * 2_000] * 50)
    assert (refusal.value.cause_text, refusal.value.code) == ("Unknown Internal Error", 15000)
    await stage.database.fetch(f"PRAGMA max_page_count = {10 * pages + 100}")
    await stage.send("jobs", "after")
    await stage.advance(1)
    assert worker.seen == ["before", "after"]
