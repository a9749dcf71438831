"""`…/queues`: queues themselves, their settings and their backlog."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs

from flarelocal.queues import Metrics, QueueInfo, QueueSettings
from flarelocal.server.rest.account import Account
from flarelocal.server.rest.consumers import consumer_objects
from flarelocal.server.rest.envelope import Page, timestamp
from flarelocal.server.rest.errors import InvalidBodyError, NameTakenError, QueueNameError
from flarelocal.server.rest.requests import QueueToSave, Settings, read

__all__ = [
    "create",
    "delete",
    "edit",
    "get",
    "list_all",
    "metrics",
    "metrics_object",
    "queue_object",
    "update",
]

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PAGE_SIZE = 100


def queue_object(account: Account, info: QueueInfo) -> object:
    """A queue as the API shows it; `local` has what only flarelocal knows."""
    consumers = consumer_objects(info)
    producers = [
        {"type": "worker", "script": script} for script in account.producers.get(info.name, ())
    ]
    return {
        "queue_id": info.id,
        "queue_name": info.name,
        "created_on": timestamp(info.created_ms),
        "modified_on": timestamp(info.modified_ms),
        "producers": producers,
        "producers_total_count": len(producers),
        "consumers": consumers,
        "consumers_total_count": len(consumers),
        "settings": {
            "delivery_delay": info.settings.delivery_delay_s,
            "delivery_paused": info.settings.paused,
            "message_retention_period": info.settings.retention_s,
        },
        "local": {
            "ready": info.ready,
            "delayed": info.delayed,
            "in_flight": info.in_flight,
            "dead_letters": info.dead_letters,
            "concurrency": info.concurrency,
        },
    }


def metrics_object(metrics: Metrics) -> dict[str, object]:
    return {
        "backlog_count": metrics.backlog_count,
        "backlog_bytes": metrics.backlog_bytes,
        "oldest_message_timestamp_ms": metrics.oldest_message_timestamp_ms or 0,
    }


async def list_all(account: Account, query: str) -> object:
    """Queues by name; `name` in the query picks some, `page` and `per_page` a part."""
    given = parse_qs(query)
    names = given.get("name")
    number = _positive(given.get("page"), 1)
    size = _positive(given.get("per_page"), _PAGE_SIZE)
    infos = [info for info in await account.broker.queues() if not names or info.name in names]
    part = infos[(number - 1) * size : number * size]
    return Page([queue_object(account, info) for info in part], number, size, len(infos))


async def create(account: Account, body: bytes) -> object:
    wanted = read(QueueToSave, body)
    name = wanted.queue_name or ""
    if not _NAME.fullmatch(name):
        raise QueueNameError(f"Invalid queue name: {name}. Must match ^{_NAME.pattern}$")
    if name in account.broker.names():
        raise NameTakenError(
            f"Queue name '{name}' is already taken. Please use a different name and try again."
        )
    settings = _merged(QueueSettings(), wanted.settings)
    return queue_object(account, await account.broker.create(name, settings))


async def get(account: Account, queue: str, body: bytes) -> object:
    return queue_object(account, await account.broker.info(account.queue(queue)))


async def update(account: Account, queue: str, body: bytes) -> object:
    """Replace all settings; those not given are the defaults then."""
    return await _configure(account, queue, body, keep=False)


async def edit(account: Account, queue: str, body: bytes) -> object:
    """Change the settings that are given."""
    return await _configure(account, queue, body, keep=True)


async def delete(account: Account, queue: str, body: bytes) -> object:
    await account.broker.delete(account.queue(queue))
    return None


async def metrics(account: Account, queue: str, body: bytes) -> object:
    return metrics_object(account.broker.metrics(account.queue(queue)))


async def _configure(account: Account, queue: str, body: bytes, *, keep: bool) -> object:
    name = account.queue(queue)
    wanted = read(QueueToSave, body)
    if wanted.queue_name not in (None, name):
        raise InvalidBodyError(
            f'queue_name: queue "{name}" cannot be renamed; create another one instead.'
        )
    before = (await account.broker.info(name)).settings
    settings = _merged(before if keep else QueueSettings(), wanted.settings)
    broker = account.broker
    if settings.paused != before.paused:
        await (broker.pause(name) if settings.paused else broker.resume(name))
    await broker.configure(name, settings)
    return queue_object(account, await broker.info(name))


def _merged(settings: QueueSettings, wanted: Settings | None) -> QueueSettings:
    if wanted is None:
        return settings
    if wanted.delivery_delay is not None:
        settings = replace(settings, delivery_delay_s=wanted.delivery_delay)
    if wanted.message_retention_period is not None:
        settings = replace(settings, retention_s=wanted.message_retention_period)
    if wanted.delivery_paused is not None:
        settings = replace(settings, paused=wanted.delivery_paused)
    return settings


def _positive(given: list[str] | None, default: int) -> int:
    try:
        return max(1, int(given[0])) if given else default
    except ValueError:
        return default
