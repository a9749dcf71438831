"""`flarelocal queues list|info|peek|history`."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import click

from flarelocal.cli.display import Display, duration
from flarelocal.cli.queues.connection import Queues
from flarelocal.cli.queues.options import QUEUE, on_queues

__all__ = ["history", "info", "list_queues", "peek"]

_WIDTH = 60
_STATES = ["ready", "delayed", "in_flight", "all"]


@click.command("list")
@on_queues()
async def list_queues(queues: Queues, display: Display) -> None:
    """List the queues, and how many messages wait in them."""
    found = await queues.get("?per_page=10000")
    if display.as_json:
        display.json(found)
        return
    display.table(
        ["queue", "ready", "delayed", "in flight", "dead letters", "consumer", "delivery"],
        [
            [
                queue["queue_name"],
                *(queue["local"][name] for name in _COUNTS),
                _consumer(queue),
                "paused" if queue["settings"]["delivery_paused"] else "on",
            ]
            for queue in found
        ],
        "There are no queues.",
    )


@click.command("info")
@QUEUE
@on_queues()
async def info(queues: Queues, display: Display, queue: str) -> None:
    """Show the settings, the consumer and the counts of a queue."""
    found = await queues.get(f"/{queue}")
    if display.as_json:
        display.json(found)
        return
    settings, local = found["settings"], found["local"]
    display.facts(
        [
            ("queue", found["queue_name"]),
            ("id", found["queue_id"]),
            ("created", found["created_on"]),
            ("delivery", "paused" if settings["delivery_paused"] else "on"),
            ("delivery delay", duration(settings["delivery_delay"])),
            ("retention", duration(settings["message_retention_period"])),
            ("producers", ", ".join(each["script"] for each in found["producers"]) or "none known"),
            ("consumer", _consumer(found)),
            *_consumer_facts(found),
            *((name.replace("_", " "), local[name]) for name in _COUNTS),
        ]
    )


@click.command("peek")
@QUEUE
@click.option("-n", "--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Messages to leave out first.")
@click.option("--state", type=click.Choice(_STATES), default="all", show_default=True)
@on_queues()
async def peek(
    queues: Queues, display: Display, queue: str, limit: int, offset: int, state: str
) -> None:
    """Show messages of a queue; they stay where they are."""
    asked = {"batch_size": limit, "offset": offset, "state": state}
    found = (await queues.post(f"/{queue}/messages/peek", asked))["messages"]
    if display.as_json:
        display.json([message | {"body": _body(message)} for message in found])
        return
    display.table(
        ["message", "state", "attempt", "sent", "due", "dead letter of", "body"],
        [
            [
                message["id"],
                message["state"].replace("_", " "),
                message["attempts"],
                _time(message["timestamp_ms"]),
                _time(message["due_ms"]),
                message["dead_letter_of"] or "-",
                _short(_body(message)),
            ]
            for message in found
        ],
        f'There are no such messages in "{queue}".',
    )


@click.command("history")
@QUEUE
@click.argument("message")
@on_queues()
async def history(queues: Queues, display: Display, queue: str, message: str) -> None:
    """Show every delivery of a message, also when it is gone."""
    found = (await queues.get(f"/{queue}/messages/{message}/history"))["attempts"]
    if display.as_json:
        display.json(found)
        return
    display.table(
        ["attempt", "queue", "started", "batch", "outcome", "message"],
        [
            [
                each["attempt"],
                each["queue"],
                _time(each["started_ms"]),
                each["batch"],
                each["outcome"] or "under way",
                each["result"] or "-",
            ]
            for each in found
        ],
        f'Message "{message}" was not delivered yet.',
    )
    for each in found:
        printed = "\n".join(line["text"] for line in each["logs"])
        if told := "\n".join(text.rstrip() for text in (printed, each["error"]) if text):
            click.echo(f"\nAttempt {each['attempt']}:\n{told}")


_COUNTS = ("ready", "delayed", "in_flight", "dead_letters")


def _consumer(queue: Any) -> str:
    for consumer in queue["consumers"]:
        return str(consumer.get("script") or "pulled over HTTP")
    return "none"


def _consumer_facts(queue: Any) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = []
    for consumer in queue["consumers"]:
        settings = consumer["settings"]
        facts.append(("batch", f"up to {settings['batch_size']}"))
        if "max_wait_time_ms" in settings:
            most = settings["max_concurrency"]
            facts += [
                ("batch timeout", duration(settings["max_wait_time_ms"] / 1000)),
                ("concurrency", f"{queue['local']['concurrency']} of {most or 'up to 250'}"),
            ]
        else:
            facts.append(("lease", duration(settings["visibility_timeout_ms"] / 1000)))
        facts += [
            ("retries", settings["max_retries"]),
            ("retry delay", duration(settings["retry_delay"])),
            ("dead letter queue", consumer["dead_letter_queue"] or "none"),
        ]
    return facts


def _body(message: Any) -> Any:
    """The body as JSON can show it: V8's as the console does, bytes in base64."""
    kind, body = message["metadata"]["CF-Content-Type"], message["body"]
    if kind == "json":
        return json.loads(base64.b64decode(body))
    if kind == "v8":
        from flarelocal.javascript.clone import deserialize
        from flarelocal.javascript.web.inspection import inspect

        return inspect(deserialize(base64.b64decode(body)))
    return body


def _short(body: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _time(ms: int | None) -> str:
    if not ms:
        return "-"
    return dt.datetime.fromtimestamp(ms / 1000).isoformat(" ", "seconds")
