"""Every delivery of every message is remembered."""

from __future__ import annotations

from flarelocal.queues import Attempt, PullSettings, Verdict
from tests.queues.stage import ACK, DAY, RETRY, SECOND, THROW, Stage


async def test_each_delivery_with_its_batch_and_what_came_of_it(stage: Stage) -> None:
    start = stage.clock.now()
    worker = stage.consume("jobs", THROW, stage.slow(3), retry_delay_s=10)
    await stage.send("jobs", "a", "b")
    await stage.advance(60)
    first, second = (batch.id for batch in worker.batches)
    for message in worker.batches[0].messages:
        assert await stage.broker.history(message.id) == [
            Attempt(1, "jobs", first, start, start, "exception", "retried", THROW.error, []),
            Attempt(
                2,
                "jobs",
                second,
                start + 10 * SECOND,
                start + 13 * SECOND,
                "ok",
                "acked",
                None,
                [],
            ),
        ]


async def test_messages_of_one_batch_have_attempts_of_their_own(stage: Stage) -> None:
    worker = stage.consume(
        "jobs",
        lambda batch: Verdict(retries={batch.messages[0].id: None}),
        ACK,
        max_batch_size=2,
        max_batch_timeout_s=60,
    )
    await stage.send("jobs", "a", "b")
    await stage.send("jobs", "c")
    assert worker.seen == ["a b", "a c"]
    found = {
        message.body.decode(): [each.number for each in await stage.broker.history(message.id)]
        for message in worker.messages
    }
    assert found == {"a": [1, 2], "b": [1], "c": [1]}


async def test_a_delivery_keeps_what_the_handler_printed(stage: Stage) -> None:
    worker = stage.consume("jobs", Verdict(logs=[("log", "half way"), ("warn", "late")]))
    await stage.send("jobs", "a")
    (attempt,) = await stage.broker.history(worker.messages[0].id)
    assert attempt.logs == [("log", "half way"), ("warn", "late")]


async def test_a_delivery_under_way_has_no_end(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(5))
    await stage.send("jobs", "a")
    (attempt,) = await stage.broker.history(worker.messages[0].id)
    assert (attempt.ended_ms, attempt.outcome, attempt.result) == (None, None, None)


async def test_it_goes_on_in_the_dead_letter_queue(stage: Stage) -> None:
    worker = stage.consume("jobs", THROW, max_retries=1, dead_letter_queue="dead")
    stage.consume("dead", ACK)
    await stage.send("jobs", "a")
    history = await stage.broker.history(worker.messages[0].id)
    assert [(each.number, each.queue, each.result) for each in history] == [
        (1, "jobs", "retried"),
        (2, "jobs", "dead-lettered"),
        (1, "dead", "acked"),
    ]


async def test_a_message_that_was_dropped_says_so(stage: Stage) -> None:
    worker = stage.consume("jobs", RETRY, max_retries=0)
    await stage.send("jobs", "a")
    (attempt,) = await stage.broker.history(worker.messages[0].id)
    assert (attempt.outcome, attempt.result) == ("ok", "dropped")


async def test_a_delivery_that_was_lost_with_its_process_says_so(stage: Stage) -> None:
    worker = stage.consume("jobs", stage.slow(5))
    await stage.send("jobs", "a")
    await stage.start()
    (attempt,) = await stage.broker.history(worker.messages[0].id)
    assert (attempt.outcome, attempt.result) == ("lost", "lost")


async def test_a_message_that_was_pulled_has_a_history(stage: Stage) -> None:
    stage.broker.lend(PullSettings("jobs", max_retries=1))
    await stage.send("jobs", "a")
    (leased,) = (await stage.broker.pull("jobs")).messages
    await stage.broker.give_back("jobs", retries={leased.lease_id: None})
    (leased,) = (await stage.broker.pull("jobs")).messages
    before = await stage.broker.history(leased.message.id)
    await stage.broker.give_back("jobs", acks=[leased.lease_id])
    after = await stage.broker.history(leased.message.id)
    assert [(each.outcome, each.result) for each in before] == [
        ("pulled", "retried"),
        ("pulled", None),
    ]
    assert [each.result for each in after] == ["retried", "acked"]


async def test_it_is_kept_when_the_message_is_gone_but_not_for_ever(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "a")
    identity = worker.messages[0].id
    await stage.clock.advance(4 * DAY)
    assert len(await stage.broker.history(identity)) == 1
    await stage.clock.advance(1)
    assert await stage.broker.history(identity) == []


async def test_old_deliveries_leave_the_disk(stage: Stage) -> None:
    stage.consume("jobs", max_batch_size=1, max_concurrency=1)
    await stage.send("jobs", *["x"] * 50)
    await stage.clock.advance(4 * DAY + 1)
    for _ in range(20):
        await stage.send("jobs", *["x"] * 50)
    ((count,),) = await stage.database.fetch("SELECT count(*) FROM delivery")
    assert count == 1_000


async def test_a_strange_id_has_no_history(stage: Stage) -> None:
    assert await stage.broker.history("nonsense") == []
    assert await stage.broker.history("f" * 32) == []
