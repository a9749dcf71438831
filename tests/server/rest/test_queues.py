"""Queues over REST: create, list, configure, pause, measure, purge, delete."""

from __future__ import annotations

import pytest

from flarelocal.queues import ContentType, OutgoingMessage, queue_id
from flarelocal.queues.events import QueuePaused, QueueResumed
from tests.queues.stage import Stage
from tests.server.rest.client import Client


async def test_a_queue_is_created_with_the_defaults_of_production(client: Client) -> None:
    created = (await client("POST", "", {"queue_name": "jobs"})).result
    assert created["queue_id"] == queue_id("jobs")
    assert created["settings"] == {
        "delivery_delay": 0,
        "delivery_paused": False,
        "message_retention_period": 345_600,
    }
    assert created["producers"] == [{"type": "worker", "script": "shop"}]
    assert created["consumers"] == []
    assert (created["producers_total_count"], created["consumers_total_count"]) == (1, 0)
    assert (await client("GET", f"/{queue_id('jobs')}")).result == created
    assert (await client("GET", "/jobs")).result == created


async def test_a_name_is_used_once(client: Client) -> None:
    await client("POST", "", {"queue_name": "jobs"})
    reply = await client("POST", "", {"queue_name": "jobs"})
    assert (reply.status, reply.code) == (409, 11009)
    assert "'jobs' is already taken" in reply.message
    assert reply.headers == {"x-should-retry": "false"}


@pytest.mark.parametrize("name", ["", "Jobs", "a_b", "-a", "a-", "a" * 64])
async def test_names_that_production_refuses_are_refused(client: Client, name: str) -> None:
    reply = await client("POST", "", {"queue_name": name})
    assert (reply.status, reply.code) == (400, 11003)


async def test_settings_out_of_range_are_refused(client: Client) -> None:
    body = {"queue_name": "jobs", "settings": {"delivery_delay": 86_401}}
    reply = await client("POST", "", body)
    assert (reply.status, reply.code) == (400, 100128)
    assert (await client("GET")).result == []


async def test_queues_are_listed_by_page_and_by_name(client: Client) -> None:
    for name in ("c", "a", "b"):
        await client("POST", "", {"queue_name": name})
    page = await client("GET", "?page=2&per_page=2")
    assert [queue["queue_name"] for queue in page.result] == ["c"]
    assert page.info == {
        "page": 2,
        "per_page": 2,
        "count": 1,
        "total_count": 3,
        "total_pages": 2,
    }
    found = await client("GET", "?page=1&name=a&name=c&name=none")
    assert [queue["queue_name"] for queue in found.result] == ["a", "c"]


async def test_a_patch_keeps_what_it_does_not_name_and_a_put_does_not(client: Client) -> None:
    given = {"delivery_delay": 5, "message_retention_period": 60}
    await client("POST", "", {"queue_name": "jobs", "settings": given})
    patched = await client("PATCH", "/jobs", {"settings": {"delivery_delay": 7}})
    assert patched.result["settings"]["message_retention_period"] == 60
    assert patched.result["settings"]["delivery_delay"] == 7
    put = await client("PUT", "/jobs", {"queue_name": "jobs", "settings": {"delivery_delay": 9}})
    assert put.result["settings"]["message_retention_period"] == 345_600
    assert put.result["settings"]["delivery_delay"] == 9


async def test_a_queue_keeps_its_name(client: Client) -> None:
    await client("POST", "", {"queue_name": "jobs"})
    reply = await client("PATCH", "/jobs", {"queue_name": "tasks"})
    assert (reply.status, reply.code) == (400, 10207)


async def test_delivery_is_paused_and_resumed_by_a_setting(client: Client, stage: Stage) -> None:
    worker = stage.consume("jobs")
    await client("PATCH", "/jobs", {"settings": {"delivery_paused": True}})
    await stage.send("jobs", "a")
    assert worker.batches == []
    await client("PATCH", "/jobs", {"settings": {"delivery_paused": False}})
    await stage.clock.idle()
    assert len(worker.batches) == 1
    assert len(stage.events(QueuePaused)) == len(stage.events(QueueResumed)) == 1


async def test_metrics_tell_the_backlog(client: Client, stage: Stage) -> None:
    await client("POST", "", {"queue_name": "jobs"})
    empty = {"backlog_bytes": 0, "backlog_count": 0, "oldest_message_timestamp_ms": 0}
    assert (await client("GET", "/jobs/metrics")).result == empty
    sent_at = stage.clock.now()
    await stage.broker.send("jobs", [OutgoingMessage(b"12345", ContentType.TEXT)])
    assert (await client("GET", "/jobs/metrics")).result == {
        "backlog_bytes": 5,
        "backlog_count": 1,
        "oldest_message_timestamp_ms": sent_at,
    }


async def test_a_purge_must_be_confirmed(client: Client, stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    assert (await client("POST", "/jobs/purge", {})).code == 10207
    assert (await client("GET", "/jobs/purge")).result["started_at"] == ""
    await client("POST", "/jobs/purge", {"delete_messages_permanently": True})
    assert await stage.waiting("jobs") == ""
    status = (await client("GET", "/jobs/purge")).result
    assert status["completed"] == "true"
    assert status["started_at"].endswith("Z")


async def test_a_queue_is_deleted_with_its_messages(client: Client, stage: Stage) -> None:
    await stage.send("jobs", "a")
    reply = await client("DELETE", "/jobs")
    assert (reply.status, reply.result) == (200, None)
    assert (await client("GET")).result == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nope"),
        ("PATCH", "/nope"),
        ("DELETE", "/nope"),
        ("GET", "/nope/metrics"),
        ("GET", "/nope/consumers"),
        ("POST", "/nope/messages"),
        ("POST", "/nope/messages/pull"),
        ("POST", "/nope/messages/peek"),
    ],
)
async def test_a_queue_that_does_not_exist_is_not_found(
    client: Client, method: str, path: str
) -> None:
    reply = await client(method, path, {"body": 1})
    assert (reply.status, reply.code) == (404, 10104)


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", ""), ("POST", "/jobs"), ("GET", "/jobs/messages"), ("GET", "/jobs/else/where")],
)
async def test_other_paths_and_methods_are_not_found(
    client: Client, method: str, path: str
) -> None:
    reply = await client(method, path)
    assert (reply.status, reply.code) == (404, 7003)


@pytest.mark.parametrize(("body", "code"), [(b"{", 10208), (b"[]", 10207), (b"\xff", 10208)])
async def test_a_body_that_is_not_as_asked_for_is_refused(
    client: Client, body: bytes, code: int
) -> None:
    reply = await client("POST", "", body)
    assert (reply.status, reply.code) == (400, code)
