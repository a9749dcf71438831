"""Consumers over REST: one for each queue, a Worker or whoever pulls."""

from __future__ import annotations

import pytest

from flarelocal.queues import ConsumerSettings, PullSettings
from tests.queues.stage import Stage, Worker
from tests.server.rest.client import Client


@pytest.fixture(autouse=True)
async def jobs(stage: Stage) -> None:
    """The queue that all this is about."""
    await stage.broker.create("jobs")


_WORKER = {
    "type": "worker",
    "script_name": "mailer",
    "dead_letter_queue": "dead",
    "settings": {
        "batch_size": 1,
        "max_retries": 2,
        "max_wait_time_ms": 1_500,
        "max_concurrency": None,
        "retry_delay": 4,
    },
}
_PULL = {"type": "http_pull", "settings": {"batch_size": 7, "visibility_timeout_ms": 9_000}}


async def test_a_worker_begins_to_consume(client: Client, stage: Stage, worker: Worker) -> None:
    created = (await client("POST", "/jobs/consumers", _WORKER)).result
    assert created["type"] == "worker"
    assert (created["script_name"], created["script"]) == ("mailer", "mailer")
    assert created["dead_letter_queue"] == "dead"
    assert created["queue_name"] == "jobs"
    assert created["settings"] == _WORKER["settings"]
    assert (await stage.broker.info("jobs")).consumer == ConsumerSettings(
        "jobs", 1, 1.5, 2, "dead", None, 4, "mailer"
    )
    await stage.send("jobs", "a")
    assert len(worker.batches) == 1


async def test_settings_that_are_not_given_are_the_defaults_of_production(client: Client) -> None:
    worker = (await client("POST", "/jobs/consumers", {"script_name": "mailer"})).result
    assert worker["settings"] == {
        "batch_size": 10,
        "max_retries": 3,
        "max_wait_time_ms": 5_000,
        "max_concurrency": None,
        "retry_delay": 0,
    }
    path = f"/jobs/consumers/{worker['consumer_id']}"
    pulling = (await client("PUT", path, {"type": "http_pull"})).result
    assert pulling["settings"] == {
        "batch_size": 5,
        "max_retries": 3,
        "visibility_timeout_ms": 30_000,
        "retry_delay": 0,
    }


async def test_pulling_is_a_consumer_too(client: Client, stage: Stage) -> None:
    created = (await client("POST", "/jobs/consumers", _PULL)).result
    assert created["type"] == "http_pull"
    assert (await stage.broker.info("jobs")).consumer == PullSettings("jobs", 7, 9_000)
    assert (await client("GET", "/jobs/consumers")).result == [created]
    assert (await client("GET", f"/jobs/consumers/{created['consumer_id']}")).result == created
    assert (await client("GET", "/jobs")).result["consumers"] == [created]


async def test_a_queue_has_one_consumer(client: Client) -> None:
    await client("POST", "/jobs/consumers", _PULL)
    reply = await client("POST", "/jobs/consumers", _WORKER)
    assert (reply.status, reply.code) == (400, 11004)


async def test_a_consumer_is_removed(client: Client, stage: Stage) -> None:
    created = (await client("POST", "/jobs/consumers", _PULL)).result
    assert (await client("DELETE", "/jobs/consumers/other")).code == 11005
    assert (await client("DELETE", f"/jobs/consumers/{created['consumer_id']}")).status == 200
    assert (await stage.broker.info("jobs")).consumer is None
    assert (await client("GET", "/jobs/consumers")).result == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "worker"}, 10207),
        ({"type": "worker", "script_name": "stranger"}, 10007),
        ({"type": "email"}, 10207),
        ({"type": "http_pull", "settings": {"max_retries": 101}}, 100127),
        ({"script_name": "mailer", "settings": {"batch_size": 101}}, 100127),
        ({"type": "http_pull", "dead_letter_queue": "jobs"}, 100127),
    ],
)
async def test_a_consumer_that_cannot_be_is_refused(
    client: Client, body: object, code: int
) -> None:
    reply = await client("POST", "/jobs/consumers", body)
    assert (reply.status, reply.code) == (400, code)
    assert (await client("GET", "/jobs/consumers")).result == []
