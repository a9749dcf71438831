"""Cloudflare's own Python client, unmodified but for its `base_url`."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from flarelocal.server.rest.api import RestApi
from tests.queues.stage import Stage

cloudflare = pytest.importorskip("cloudflare", reason="the client is an extra of the tests")
httpx = pytest.importorskip("httpx")

_ACCOUNT: dict[str, Any] = {"account_id": "0123456789abcdef0123456789abcdef"}


@pytest.fixture
async def sdk(api: RestApi) -> AsyncIterator[Any]:
    async def answer(request: Any) -> Any:
        reply = await api.answer(
            request.method, request.url.path, request.url.query.decode(), await request.aread()
        )
        return httpx.Response(
            reply.status,
            content=reply.body,
            headers=[("content-type", reply.content_type), *reply.headers],
        )

    async with cloudflare.AsyncCloudflare(
        api_token="any",
        base_url="http://localhost:8787/client/v4",
        http_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)),
    ) as client:
        yield client


async def test_queues(sdk: Any) -> None:
    queue = await sdk.queues.create(queue_name="jobs", **_ACCOUNT)
    assert queue.settings.message_retention_period == 345_600
    edited = await sdk.queues.edit(queue.queue_id, settings={"delivery_delay": 5}, **_ACCOUNT)
    assert edited.settings.delivery_delay == 5
    updated = await sdk.queues.update(queue.queue_id, queue_name="jobs", settings={}, **_ACCOUNT)
    assert updated.settings.delivery_delay == 0
    assert [each.queue_name async for each in sdk.queues.list(**_ACCOUNT)] == ["jobs"]
    assert (await sdk.queues.get(queue.queue_id, **_ACCOUNT)).queue_name == "jobs"
    assert (await sdk.queues.get_metrics(queue.queue_id, **_ACCOUNT)).backlog_count == 0
    assert (await sdk.queues.delete(queue.queue_id, **_ACCOUNT)).success


async def test_consumers(sdk: Any) -> None:
    queue = (await sdk.queues.create(queue_name="jobs", **_ACCOUNT)).queue_id
    worker = await sdk.queues.consumers.create(
        queue,
        script_name="mailer",
        type="worker",
        settings={"batch_size": 50, "max_wait_time_ms": 2_000},
        **_ACCOUNT,
    )
    assert worker.script_name == "mailer"
    assert worker.settings.batch_size == 50
    pulling = await sdk.queues.consumers.update(
        worker.consumer_id,
        queue_id=queue,
        type="http_pull",
        settings={"visibility_timeout_ms": 6_000},
        **_ACCOUNT,
    )
    assert pulling.settings.visibility_timeout_ms == 6_000
    found = [each async for each in sdk.queues.consumers.list(queue, **_ACCOUNT)]
    assert [each.type for each in found] == ["http_pull"]
    same = await sdk.queues.consumers.get(pulling.consumer_id, queue_id=queue, **_ACCOUNT)
    assert same == pulling
    await sdk.queues.consumers.delete(pulling.consumer_id, queue_id=queue, **_ACCOUNT)
    assert [each async for each in sdk.queues.consumers.list(queue, **_ACCOUNT)] == []


async def test_messages(sdk: Any, stage: Stage) -> None:
    queue = (await sdk.queues.create(queue_name="jobs", **_ACCOUNT)).queue_id
    messages = sdk.queues.messages
    pushed = await messages.push(queue, body={"n": 1}, content_type="json", **_ACCOUNT)
    assert pushed.metadata.metrics.backlog_count == 0
    batch = [{"body": "two", "content_type": "text"}, {"body": [3], "content_type": "json"}]
    await messages.bulk_push(queue, messages=batch, **_ACCOUNT)

    peeked = (await messages.peek(queue, batch_size=10, **_ACCOUNT)).messages
    assert [each.body for each in peeked][1] == "two"
    pulled = await messages.pull(queue, batch_size=2, visibility_timeout_ms=1_000, **_ACCOUNT)
    assert pulled.message_backlog_count == 1
    assert base64.b64decode(pulled.messages[0].body) == b'{"n":1}'
    first, second = pulled.messages
    returned = await messages.ack(
        queue,
        acks=[{"lease_id": first.lease_id}],
        retries=[{"lease_id": second.lease_id, "delay_seconds": 30}],
        **_ACCOUNT,
    )
    assert (returned.ack_count, returned.retry_count) == (1, 1)

    purged = await messages.purge(queue, refs=[{"ref": peeked[2].ref}], **_ACCOUNT)
    assert (purged.errors, purged.warnings) == ([], {})
    started = await sdk.queues.purge.start(queue, delete_messages_permanently=True, **_ACCOUNT)
    assert started.queue_name == "jobs"
    assert (await sdk.queues.purge.status(queue, **_ACCOUNT)).completed == "true"
    assert await stage.waiting("jobs") == ""


async def test_a_paused_queue_is_a_conflict_at_once(sdk: Any) -> None:
    queue = (await sdk.queues.create(queue_name="jobs", **_ACCOUNT)).queue_id
    await sdk.queues.edit(queue, settings={"delivery_paused": True}, **_ACCOUNT)
    with pytest.raises(cloudflare.ConflictError, match="queue_delivery_paused"):
        await sdk.queues.messages.pull(queue, **_ACCOUNT)


async def test_what_is_not_there_is_not_found(sdk: Any) -> None:
    with pytest.raises(cloudflare.NotFoundError) as raised:
        await sdk.queues.get("ffffffffffffffffffffffffffffffff", **_ACCOUNT)
    assert raised.value.errors[0].code == 10104
