"""`queues`: which queues a Worker sends to, and which it consumes.

Texts: workers-sdk, workers-utils/src/config/validation.ts and miniflare/src/index.ts. Ranges:
Cloudflare docs, "Configure Queues" and "Limits"; wrangler leaves those to the deployment.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flarelocal.config.checks import is_list, is_object, kind_of, optional, unexpected
from flarelocal.config.entries import SHOULD, Field, entry_list
from flarelocal.config.report import Node, as_text

__all__ = [
    "QueueConsumer",
    "QueueProducer",
    "Queues",
    "check_queues",
    "check_single_consumers",
    "read_queues",
]

_OPTIONS = {
    "type": "string",
    "max_batch_size": "number",
    "max_batch_timeout": "number",
    "max_retries": "number",
    "dead_letter_queue": "string",
    "max_concurrency": "number",
    "visibility_timeout_ms": "number",
    "retry_delay": "number",
}
_RANGES = {
    "max_batch_size": (1, 100),
    "max_batch_timeout": (0, 60),
    "max_retries": (0, 100),
    "max_concurrency": (1, 250),
    "visibility_timeout_ms": (0, 43_200_000),
    "retry_delay": (0, 86_400),
}


class QueueProducer(NamedTuple):
    """A binding that sends to a queue.

    `delivery_delay` (s) is what the file says; production takes no notice of it any more.
    """

    binding: str
    queue: str
    delivery_delay: float | None = None


class QueueConsumer(NamedTuple):
    """How a Worker wants the messages of a queue; times in seconds."""

    queue: str
    max_batch_size: int = 10
    max_batch_timeout: float = 5
    max_retries: int = 3
    dead_letter_queue: str | None = None
    max_concurrency: int | None = None
    """None lets Cloudflare scale by itself, up to 250."""
    retry_delay: int = 0


class Queues(NamedTuple):
    """Both ends of a Worker's queues."""

    producers: tuple[QueueProducer, ...] = ()
    consumers: tuple[QueueConsumer, ...] = ()


def read_queues(raw: Mapping[str, Any], worker: str) -> Queues:
    """Make the checked section into data.

    A producer without a `queue` gets the name that a deployment provisions,
    `<worker>-<binding in lower case with dashes>`.
    """
    producers = [
        QueueProducer(
            entry["binding"],
            entry.get("queue", f"{worker}-{entry['binding'].lower().replace('_', '-')}"),
            entry.get("delivery_delay"),
        )
        for entry in raw.get("producers", [])
    ]
    consumers = []
    for entry in raw.get("consumers", []):
        known: dict[str, Any] = {
            key: int(value) if key in _RANGES and float(value).is_integer() else value
            for key, value in entry.items()
            if key in QueueConsumer._fields
        }
        consumers.append(QueueConsumer(**known))
    return Queues(tuple(producers), tuple(consumers))


def check_single_consumers(consumers: Node, worker: str) -> None:
    """Refuse a second consumer of a queue in the same list."""
    seen: set[str] = set()
    for index, entry in enumerate(consumers.value):
        queue = entry["queue"]
        if queue in seen:
            message = f'Multiple consumers defined for queue "{queue}": "{worker}" and "{worker}"'
            consumers.error(message, "remove one of them", index, "queue")
        seen.add(queue)


def check_queues(node: Node) -> None:
    """Check the section."""
    if not is_object(node, fix='write {"producers": […], "consumers": […]}'):
        return
    unexpected(node, ("consumers", "producers"))
    optional(node, "consumers", _consumers)
    optional(node, "producers", _producers)


def _delivery_delay(entry: Node) -> None:
    if "delivery_delay" in entry and entry.value.keys() <= _PRODUCER:
        message = (
            f'The "delivery_delay" field in "{entry.label}" is deprecated and has no effect. '
            'Queue-level settings should be configured using "wrangler queues update" instead. '
            "This setting will be removed in a future version."
        )
        entry.warning(message, "", "delivery_delay")


_PRODUCER = {"binding", "queue", "delivery_delay", "remote"}

_producers = entry_list(
    "queue",
    Field("binding", SHOULD),
    Field(
        "queue",
        "bindings should optionally have a non-empty string",
        optional=True,
        filled=True,
    ),
    Field("delivery_delay", "should, optionally, have a number", kind="number", optional=True),
    extra=_delivery_delay,
)


def _consumers(node: Node) -> None:
    if not is_list(node, fix='write a list of objects, [{"queue": "…"}]'):
        return
    for entry in node.elements():
        _consumer(entry)


def _consumer(entry: Node) -> None:
    if not isinstance(entry.value, dict):
        message = f'"{entry.label}" should be a objects, but got {entry.quoted}'
        entry.error(message, 'use {"queue": "…"}')
        return
    unexpected(entry, ("queue", *_OPTIONS))
    Field("queue", "should have a string").check(entry)
    kind = entry.value.get("type", "worker")
    if kind != "worker":
        given = as_text(kind)
        message = (
            f'"{entry.label}.type" has an invalid value "{given}". '
            'Only "worker" consumers can be configured in your Wrangler configuration.'
        )
        entry.error(message, "remove it", "type")
    for name, wanted in _OPTIONS.items():
        if name in entry and kind_of(entry.value[name]) != wanted:
            Field(name, f"should, optionally, have a {wanted}", wanted).check(entry)
        elif name in entry and name in _RANGES:
            _within(entry[name], *_RANGES[name])
    queue = entry.value.get("queue")
    if isinstance(queue, str) and queue == entry.value.get("dead_letter_queue"):
        message = f'Dead letter queue for queue "{queue}" cannot be itself'
        entry.error(message, "name another queue", "dead_letter_queue")


def _within(node: Node, least: int, most: int) -> None:
    whole = float(node.value).is_integer() or node.keys[-1] == "max_batch_timeout"
    if not whole or not least <= node.value <= most:
        message = f'"{node.label}" is {node.quoted}, which Cloudflare refuses'
        node.error(message, f"write a whole number from {least} to {most}")
