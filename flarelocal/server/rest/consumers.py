"""`…/queues/{queue_id}/consumers`: a queue has one at most."""

from __future__ import annotations

from typing import Any

from flarelocal.queues import ConsumerSettings, PullSettings, QueueInfo, queue_id
from flarelocal.server.rest.account import Account
from flarelocal.server.rest.envelope import timestamp
from flarelocal.server.rest.errors import (
    ConsumerExistsError,
    ConsumerNotFoundError,
    InvalidBodyError,
    ScriptNotFoundError,
)
from flarelocal.server.rest.requests import ConsumerToSave, read

__all__ = ["consumer_objects", "create", "delete", "get", "list_all", "update"]


def consumer_objects(info: QueueInfo) -> list[object]:
    """The consumers of a queue as the API shows them."""
    consumer = info.consumer
    if consumer is None:
        return []
    settings: dict[str, object] = {
        "batch_size": consumer.max_batch_size,
        "max_retries": consumer.max_retries,
        "retry_delay": consumer.retry_delay_s,
    }
    shown: dict[str, object] = {
        "consumer_id": _identity(info.name),
        "queue_id": info.id,
        "queue_name": info.name,
        "created_on": timestamp(info.created_ms),
        "dead_letter_queue": consumer.dead_letter_queue or "",
        "settings": settings,
    }
    if isinstance(consumer, PullSettings):
        settings["visibility_timeout_ms"] = consumer.visibility_timeout_ms
        return [shown | {"type": "http_pull"}]
    settings["max_wait_time_ms"] = round(1000 * consumer.max_batch_timeout_s)
    settings["max_concurrency"] = consumer.max_concurrency
    script = {"script": consumer.script, "script_name": consumer.script}
    return [shown | script | {"type": "worker"}]


async def list_all(account: Account, queue: str, body: bytes) -> object:
    return consumer_objects(await account.broker.info(account.queue(queue)))


async def create(account: Account, queue: str, body: bytes) -> object:
    """Add a consumer.

    A Worker's holds until flarelocal stops: what is to last belongs into its configuration.
    """
    name = account.queue(queue)
    if (await account.broker.info(name)).consumer is not None:
        raise ConsumerExistsError(
            f'Queue "{name}" has a consumer already: remove that one, or update it.'
        )
    return await _save(account, name, body)


async def get(account: Account, queue: str, consumer: str, body: bytes) -> object:
    name = account.queue(queue)
    found = consumer_objects(await account.broker.info(name))
    if not found or consumer != _identity(name):
        raise ConsumerNotFoundError(
            f'Queue "{name}" has no consumer "{consumer}": list its consumers to see their ids.'
        )
    return found[0]


async def update(account: Account, queue: str, consumer: str, body: bytes) -> object:
    """Replace a consumer, or add it."""
    return await _save(account, account.queue(queue), body)


async def delete(account: Account, queue: str, consumer: str, body: bytes) -> object:
    await get(account, queue, consumer, body)
    account.broker.release(account.queue(queue))
    return None


async def _save(account: Account, queue: str, body: bytes) -> object:
    wanted = read(ConsumerToSave, body)
    given: dict[str, Any] = wanted.settings.model_dump(exclude_none=True) if wanted.settings else {}
    settings: dict[str, Any] = {
        ours: given[theirs]
        for theirs, ours in (
            ("batch_size", "max_batch_size"),
            ("max_retries", "max_retries"),
            ("retry_delay", "retry_delay_s"),
        )
        if theirs in given
    }
    settings["dead_letter_queue"] = wanted.dead_letter_queue or None
    if wanted.type == "http_pull":
        if "visibility_timeout_ms" in given:
            settings["visibility_timeout_ms"] = given["visibility_timeout_ms"]
        account.broker.lend(PullSettings(queue, **settings))
    else:
        _attach(account, queue, wanted.script_name, settings, given)
    return consumer_objects(await account.broker.info(queue))[0]


def _attach(
    account: Account,
    queue: str,
    script: str | None,
    settings: dict[str, Any],
    given: dict[str, Any],
) -> None:
    if not script:
        raise InvalidBodyError('script_name: a consumer of the type "worker" needs one.')
    dispatch = account.workers.get(script)
    if dispatch is None:
        raise ScriptNotFoundError(
            f'No Worker "{script}" runs here: start it with flarelocal dev, or name one that does.'
        )
    if "max_wait_time_ms" in given:
        settings["max_batch_timeout_s"] = given["max_wait_time_ms"] / 1000
    if "max_concurrency" in given:
        settings["max_concurrency"] = given["max_concurrency"]
    account.broker.consume(ConsumerSettings(queue, script=script, **settings), dispatch)


def _identity(queue: str) -> str:
    return queue_id(f"{queue}/consumer")
