"""`flarelocal queues send`."""

from __future__ import annotations

import click

from flarelocal.cli.display import Display
from flarelocal.cli.messages import CONTENT_TYPE, read_messages
from flarelocal.cli.queues.connection import Queues
from flarelocal.cli.queues.options import QUEUE, on_queues

__all__ = ["send"]

_TOGETHER = 100


@click.command("send")
@QUEUE
@click.argument("bodies", nargs=-1, required=True, metavar="BODY...")
@CONTENT_TYPE
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
    messages = read_messages(bodies, content_type)
    if not await queues.get(f"?name={queue}"):
        await queues.post("", {"queue_name": queue})
    for start in range(0, len(messages), _TOGETHER):
        batch: dict[str, object] = {"messages": messages[start : start + _TOGETHER]}
        if delay is not None:
            batch["delay_seconds"] = delay
        await queues.post(f"/{queue}/messages/batch", batch)
    plural = "" if len(messages) == 1 else "s"
    display.done({"sent": len(messages)}, f'Sent {len(messages)} message{plural} to "{queue}".')
