"""Messages over REST: push, pull, acknowledge, peek, delete, redrive."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from flarelocal.queues import ConsumerSettings, ContentType, OutgoingMessage, PullSettings, Verdict
from tests.queues.stage import ACK, RETRY, Stage
from tests.server.rest.client import Client


@pytest.fixture(autouse=True)
async def jobs(stage: Stage) -> None:
    """The queue that all this is about."""
    await stage.broker.create("jobs")


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def pull(client: Client, **options: Any) -> list[Any]:
    reply = await client("POST", "/jobs/messages/pull", options)
    messages: list[Any] = reply.result["messages"]
    return messages


async def test_json_is_the_content_type_of_a_push_that_names_none(
    client: Client, stage: Stage
) -> None:
    reply = await client("POST", "/jobs/messages", {"body": {"greeting": "grüß dich"}})
    assert reply.result["metadata"]["metrics"]["backlog_count"] == 0
    [stored] = await stage.broker.peek("jobs")
    assert stored.message.content_type is ContentType.JSON
    assert stored.message.body == '{"greeting":"grüß dich"}'.encode()


async def test_text_must_be_a_string(client: Client, stage: Stage) -> None:
    reply = await client("POST", "/jobs/messages", {"body": 1, "content_type": "text"})
    assert (reply.status, reply.code) == (400, 10207)
    await client("POST", "/jobs/messages", {"body": "one", "content_type": "text"})
    assert await stage.waiting("jobs") == "one"


@pytest.mark.parametrize(
    "body", [{}, {"body": 1, "content_type": "xml"}, {"body": 1, "delay_seconds": "soon"}]
)
async def test_a_message_that_is_none_is_refused(client: Client, body: object) -> None:
    reply = await client("POST", "/jobs/messages", body)
    assert (reply.status, reply.code) == (400, 10207)


async def test_a_batch_is_accepted_as_a_whole_with_its_delays(client: Client, stage: Stage) -> None:
    messages = [
        {"body": "now", "content_type": "text", "delay_seconds": 0},
        {"body": "later", "content_type": "text"},
    ]
    await client("POST", "/jobs/messages/batch", {"messages": messages, "delay_seconds": 60})
    info = await stage.broker.info("jobs")
    assert (info.ready, info.delayed) == (1, 1)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", {"body": "x" * 128_001, "content_type": "text"}, 413, 10204),
        ("", {"body": 1, "delay_seconds": 86_401}, 400, 10203),
        ("/batch", {"messages": [{"body": 1}] * 101}, 413, 10206),
        ("/batch", {"messages": [{"body": 1}], "delay_seconds": -1}, 400, 10202),
        ("/batch", {"messages": [{"body": "x" * 100_000}] * 3}, 413, 10205),
    ],
)
async def test_limits_have_their_error_codes(
    client: Client, path: str, body: object, status: int, code: int
) -> None:
    reply = await client("POST", f"/jobs/messages{path}", body)
    assert (reply.status, reply.code) == (status, code)


async def test_a_pull_leases_messages_and_shows_bodies_as_strings(
    client: Client, stage: Stage
) -> None:
    sent_at = stage.clock.now()
    sent = [
        OutgoingMessage(b"plain", ContentType.TEXT),
        OutgoingMessage(b'{"a":1}', ContentType.JSON),
        OutgoingMessage(b"\x00\xff", ContentType.BYTES),
        OutgoingMessage(b"left", ContentType.TEXT),
    ]
    await stage.broker.send("jobs", sent)
    reply = await client("POST", "/jobs/messages/pull", {"batch_size": 3})
    assert reply.result["message_backlog_count"] == 1
    assert reply.result["metadata"]["metrics"]["backlog_bytes"] == 4
    messages = reply.result["messages"]
    assert [each["body"] for each in messages] == [
        "plain",
        in_base64(b'{"a":1}'),
        in_base64(b"\x00\xff"),
    ]
    kinds = [each["metadata"]["CF-Content-Type"] for each in messages]
    assert kinds == ["text", "json", "bytes"]
    assert {each["attempts"] for each in messages} == {1}
    assert {each["timestamp_ms"] for each in messages} == {sent_at}
    assert len({each["lease_id"] for each in messages}) == 3


async def test_a_message_comes_back_when_its_lease_is_over(client: Client, stage: Stage) -> None:
    await stage.send("jobs", "a")
    assert len(await pull(client, visibility_timeout_ms=5_000)) == 1
    assert await pull(client) == []
    await stage.advance(5)
    [again] = await pull(client, visibility_timeout=1_000)
    assert again["attempts"] == 2
    await stage.advance(1)
    assert len(await pull(client)) == 1


async def test_acknowledged_messages_are_gone_and_retried_ones_come_back(
    client: Client, stage: Stage
) -> None:
    await stage.send("jobs", "a", "b", "c")
    a, b, c = await pull(client)
    body = {
        "acks": [{"lease_id": a["lease_id"]}, {"lease_id": "nonsense"}],
        "retries": [{"lease_id": b["lease_id"]}, {"lease_id": c["lease_id"], "delay_seconds": 9}],
    }
    result = (await client("POST", "/jobs/messages/ack", body)).result
    assert (result["ackCount"], result["retryCount"]) == (1, 2)
    assert list(result["warnings"]) == ["nonsense"]
    assert [each["id"] for each in await pull(client)] == [b["id"]]
    await stage.advance(9)
    assert [each["id"] for each in await pull(client)] == [c["id"]]


async def test_a_lease_id_is_a_string(client: Client) -> None:
    reply = await client("POST", "/jobs/messages/ack", {"acks": [{"lease_id": None}]})
    assert (reply.status, reply.code) == (400, 10207)


async def test_a_paused_queue_is_not_pulled_and_clients_do_not_insist(
    client: Client, stage: Stage
) -> None:
    await stage.broker.pause("jobs")
    reply = await client("POST", "/jobs/messages/pull")
    assert reply.status == 409
    assert "queue_delivery_paused" in reply.message
    assert reply.headers["x-should-retry"] == "false"


async def test_a_queue_with_a_worker_is_not_pulled(client: Client, stage: Stage) -> None:
    stage.broker.consume(ConsumerSettings("jobs"), stage.worker())
    assert (await client("POST", "/jobs/messages/pull")).status == 400


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"batch_size": 101}])
async def test_the_size_of_a_pull_has_its_range(client: Client, options: object) -> None:
    assert (await client("POST", "/jobs/messages/pull", options)).code == 10207


async def test_a_peek_leaves_messages_where_they_are(client: Client, stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    await stage.send("jobs", "later", delay_s=60)
    for _ in range(2):
        found = (await client("POST", "/jobs/messages/peek", {"batch_size": 5})).result["messages"]
        assert [each["body"] for each in found] == ["a", "b"]
        assert [each["attempts"] for each in found] == [1, 1]
    everything = await client("POST", "/jobs/messages/peek", {"state": "all", "offset": 1})
    states = [(each["body"], each["state"]) for each in everything.result["messages"]]
    assert states == [("b", "ready"), ("later", "delayed")]


async def test_messages_are_deleted_by_reference(client: Client, stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    found = (await client("POST", "/jobs/messages/peek")).result["messages"]
    refs = [{"ref": found[0]["ref"]}, {"ref": "unknown"}]
    result = (await client("POST", "/jobs/messages/purge", {"refs": refs})).result
    assert result["errors"] == []
    assert list(result["warnings"]) == ["unknown"]
    assert await stage.waiting("jobs") == "b"


async def test_dead_letters_go_back_all_or_one(client: Client, stage: Stage) -> None:
    stage.consume("jobs", RETRY, max_retries=0, dead_letter_queue="dead")
    await stage.send("jobs", "a", "b", "c")
    stage.broker.release("jobs")
    dead = (await client("POST", "/dead/messages/peek")).result["messages"]
    assert [each["dead_letter_of"] for each in dead] == ["jobs"] * 3
    one = {"refs": [{"ref": dead[1]["ref"]}]}
    assert (await client("POST", "/dead/messages/redrive", one)).result == {"count": 1}
    assert await stage.waiting("jobs") == "b"
    assert (await client("POST", "/dead/messages/redrive")).result == {"count": 2}
    [first, *_] = (await client("POST", "/jobs/messages/peek")).result["messages"]
    assert first["attempts"] == 1


async def test_the_history_of_a_message_has_its_errors(client: Client, stage: Stage) -> None:
    worker = stage.consume("jobs", Verdict(outcome="exception", error="Traceback: no"), ACK)
    await stage.send("jobs", "a")
    message = worker.batches[0].messages[0].id
    attempts = (await client("GET", f"/jobs/messages/{message}/history")).result["attempts"]
    seen = [(each["attempt"], each["result"], each["error"]) for each in attempts]
    assert seen == [(1, "retried", "Traceback: no"), (2, "acked", None)]


async def test_pull_settings_are_those_of_the_consumer(client: Client, stage: Stage) -> None:
    stage.broker.lend(PullSettings("jobs", max_batch_size=2, visibility_timeout_ms=1_000))
    await stage.send("jobs", "a", "b", "c")
    assert len(await pull(client)) == 2
    await stage.advance(1)
    assert len(await pull(client, batch_size=100)) == 3
