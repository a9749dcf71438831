"""`flarelocal queues send`."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable

import click

from flarelocal.cli.display import Display
from flarelocal.cli.queues.connection import Queues
from flarelocal.cli.queues.options import QUEUE, on_queues

__all__ = ["send"]

_TOGETHER = 100
_KINDS = ["json", "text", "bytes"]


@click.command("send")
@QUEUE
@click.argument("bodies", nargs=-1, required=True, metavar="BODY...")
@click.option("-t", "--content-type", type=click.Choice(_KINDS), default="json", show_default=True)
@click.option("--delay", type=click.IntRange(0, 86_400), help="Seconds until they are delivered.")
@on_queues(make=True)
async def send(
    queues: Queues,
    display: Display,
    queue: str,
    bodies: tuple[str, ...],
    content_type: str,
    delay: int | None,
) -> None:
    """Send messages; a BODY of - stands for each line of the standard input.

    A queue that does not exist is created.
    """
    messages = [
        {"body": _body(text, content_type), "content_type": content_type}
        for text in _expanded(bodies)
    ]
    if not await queues.get(f"?name={queue}"):
        await queues.post("", {"queue_name": queue})
    for start in range(0, len(messages), _TOGETHER):
        batch: dict[str, object] = {"messages": messages[start : start + _TOGETHER]}
        if delay is not None:
            batch["delay_seconds"] = delay
        await queues.post(f"/{queue}/messages/batch", batch)
    plural = "" if len(messages) == 1 else "s"
    display.done({"sent": len(messages)}, f'Sent {len(messages)} message{plural} to "{queue}".')


def _expanded(bodies: Iterable[str]) -> Iterable[str]:
    for body in bodies:
        if body == "-":
            yield from (line.rstrip("\n") for line in sys.stdin)
        else:
            yield body


def _body(text: str, content_type: str) -> object:
    if content_type == "bytes":
        return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
    if content_type == "text":
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise click.ClickException(
            f"{text!r} is not JSON: put text into double quotes, or use --content-type text"
        ) from None
