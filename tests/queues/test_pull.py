"""Messages that are pulled, leased and given back ("Pull consumers")."""

from __future__ import annotations

import pytest

from flarelocal.queues import (
    Broker,
    DeliveryPausedError,
    Leased,
    Metrics,
    PullSettings,
    PushConsumerError,
)
from flarelocal.queues.events import MessageDropped
from tests.queues.stage import SECOND, Stage, bodies


async def pull(broker: Broker, limit: int = 5, timeout_ms: int = 30_000) -> list[Leased]:
    pulled = await broker.pull("jobs", limit=limit, visibility_timeout_ms=timeout_ms)
    return list(pulled.messages)


def seen(leased: list[Leased]) -> str:
    return bodies(each.message for each in leased)


async def test_a_pull_gives_what_is_ready_and_what_is_left(stage: Stage) -> None:
    sent_at = stage.clock.now()
    await stage.send("jobs", "a", "b", "four")
    pulled = await stage.broker.pull("jobs", limit=2)
    assert seen(list(pulled.messages)) == "a b"
    assert [each.message.attempts for each in pulled.messages] == [1, 1]
    assert pulled.metrics == Metrics(1, 4, sent_at)


async def test_a_pull_from_an_empty_queue_gives_nothing_at_once(stage: Stage) -> None:
    await stage.broker.create("jobs")
    assert await pull(stage.broker) == []


async def test_five_at_a_time_unless_something_else_is_asked_for(stage: Stage) -> None:
    await stage.send("jobs", *"abcdefg")
    assert len((await stage.broker.pull("jobs")).messages) == 5


async def test_nobody_else_gets_a_leased_message(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await pull(stage.broker)
    assert await pull(stage.broker) == []
    info = await stage.broker.info("jobs")
    assert (info.ready, info.delayed, info.in_flight) == (0, 0, 1)


async def test_a_message_comes_back_when_its_lease_is_over(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await pull(stage.broker, timeout_ms=10_000)
    await stage.advance(9.999)
    assert await pull(stage.broker) == []
    await stage.advance(0.001)
    (again,) = await pull(stage.broker)
    assert again.message.attempts == 2


async def test_a_lease_survives_the_process(stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    a, b = await pull(stage.broker, timeout_ms=10_000)
    await stage.start()
    assert await pull(stage.broker) == []
    await stage.broker.give_back("jobs", acks=[a.lease_id])
    await stage.advance(10)
    (again,) = await pull(stage.broker)
    assert (again.message.id, again.message.attempts) == (b.message.id, 2)


async def test_an_acknowledged_message_is_gone(stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    a, _ = await pull(stage.broker)
    returned = await stage.broker.give_back("jobs", acks=[a.lease_id])
    assert (returned.acked, returned.retried, returned.warnings) == (1, 0, {})
    await stage.advance(60)
    assert await stage.waiting("jobs") == "b"


async def test_a_retried_message_comes_at_once_or_later(stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    a, b = await pull(stage.broker)
    returned = await stage.broker.give_back("jobs", retries={a.lease_id: None, b.lease_id: 5})
    assert (returned.acked, returned.retried) == (0, 2)
    now = await pull(stage.broker)
    await stage.advance(5)
    later = await pull(stage.broker)
    assert (seen(now), seen(later)) == ("a", "b")
    assert [each.message.attempts for each in now + later] == [2, 2]


async def test_the_retry_delay_of_the_consumer_holds_where_none_is_given(stage: Stage) -> None:
    stage.broker.lend(PullSettings("jobs", retry_delay_s=5))
    await stage.send("jobs", "a", "b")
    a, b = await pull(stage.broker)
    await stage.broker.give_back("jobs", retries={a.lease_id: None, b.lease_id: 0})
    assert seen(await pull(stage.broker)) == "b"


async def test_a_late_acknowledgement_counts(stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    a, b = await pull(stage.broker, timeout_ms=1_000)
    await stage.advance(1)
    (another,) = await pull(stage.broker, limit=1)
    assert another.message.id == a.message.id
    returned = await stage.broker.give_back("jobs", acks=[a.lease_id, b.lease_id])
    assert (returned.acked, returned.warnings) == (2, {})
    await stage.advance(60)
    info = await stage.broker.info("jobs")
    assert (info.ready, info.delayed, info.in_flight) == (0, 0, 0)


async def test_a_late_retry_has_no_effect_but_a_warning(stage: Stage) -> None:
    await stage.send("jobs", "a")
    (a,) = await pull(stage.broker, timeout_ms=1_000)
    await stage.advance(1)
    returned = await stage.broker.give_back("jobs", retries={a.lease_id: 600})
    assert returned.retried == 0
    assert list(returned.warnings) == [a.lease_id]
    assert seen(await pull(stage.broker)) == "a"


async def test_a_strange_lease_has_no_effect_but_a_warning(stage: Stage) -> None:
    await stage.send("jobs", "a")
    (a,) = await pull(stage.broker)
    strange = ["", "nonsense", "0" * 48, a.lease_id[:-1] + "f", a.lease_id + "0"]
    returned = await stage.broker.give_back("jobs", acks=strange)
    assert returned.acked == 0
    assert set(returned.warnings) == set(strange)


async def test_a_lease_counts_once(stage: Stage) -> None:
    await stage.send("jobs", "a")
    (a,) = await pull(stage.broker)
    returned = await stage.broker.give_back(
        "jobs", acks=[a.lease_id, a.lease_id], retries={a.lease_id: None}
    )
    assert (returned.acked, returned.retried) == (1, 0)
    assert await stage.waiting("jobs") == ""


async def test_a_message_that_was_retried_too_often_is_a_dead_letter(stage: Stage) -> None:
    stage.broker.lend(PullSettings("jobs", max_retries=1, dead_letter_queue="dead"))
    await stage.send("jobs", "a")
    for _ in range(2):
        (a,) = await pull(stage.broker)
        await stage.broker.give_back("jobs", retries={a.lease_id: None})
    assert await stage.waiting("jobs") == ""
    assert await stage.waiting("dead") == "a"


async def test_leases_that_ran_out_count_as_deliveries(stage: Stage) -> None:
    stage.broker.lend(PullSettings("jobs", max_retries=1))
    await stage.send("jobs", "a")
    for _ in range(2):
        await pull(stage.broker, timeout_ms=1_000)
        await stage.advance(1)
    assert await pull(stage.broker) == []
    assert stage.events(MessageDropped)[0].attempts == 2


async def test_delayed_messages_are_not_pulled(stage: Stage) -> None:
    await stage.send("jobs", "later", delay_s=5)
    assert await pull(stage.broker) == []
    await stage.advance(5)
    assert seen(await pull(stage.broker)) == "later"


async def test_a_paused_queue_gives_nothing(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.broker.pause("jobs")
    with pytest.raises(DeliveryPausedError, match="queue_delivery_paused") as refusal:
        await pull(stage.broker)
    assert refusal.value.status == 409


async def test_a_queue_of_a_worker_cannot_be_pulled_from(stage: Stage) -> None:
    stage.consume("jobs")
    with pytest.raises(PushConsumerError, match="is consumed by a Worker"):
        await pull(stage.broker)


async def test_a_pull_reads_on_from_the_disk(stage: Stage) -> None:
    for _ in range(10):
        await stage.send("jobs", *["x"] * 100)
    await stage.start()
    ids = set()
    for _ in range(10):
        ids |= {each.message.id for each in await pull(stage.broker, limit=100)}
    assert len(ids) == 1_000


async def test_a_message_that_nobody_gave_back_is_purged_too(stage: Stage) -> None:
    await stage.send("jobs", "a")
    (a,) = await pull(stage.broker, timeout_ms=10_000)
    await stage.broker.purge("jobs")
    await stage.advance(10)
    assert await pull(stage.broker) == []
    returned = await stage.broker.give_back("jobs", acks=[a.lease_id])
    assert list(returned.warnings) == [a.lease_id]


async def test_leases_end_when_they_should_whatever_their_order(stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    await pull(stage.broker, limit=1, timeout_ms=20_000)
    await pull(stage.broker, limit=1, timeout_ms=10_000)
    await stage.clock.advance(10 * SECOND)
    assert seen(await pull(stage.broker)) == "b"
    await stage.clock.advance(10 * SECOND)
    assert seen(await pull(stage.broker)) == "a"


async def test_the_settings_of_pulling_outlive_the_process_until_they_are_taken_back(
    stage: Stage,
) -> None:
    settings = PullSettings("jobs", visibility_timeout_ms=1_000, max_retries=1)
    stage.broker.lend(settings)
    await stage.end()
    await stage.start()
    assert (await stage.broker.info("jobs")).consumer == settings
    stage.broker.release("jobs")
    await stage.end()
    await stage.start()
    assert (await stage.broker.info("jobs")).consumer is None
