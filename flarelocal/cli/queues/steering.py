"""`flarelocal queues pause|resume|purge|redrive|create|delete`."""

from __future__ import annotations

import click

from flarelocal.cli.display import Display
from flarelocal.cli.queues.connection import Queues
from flarelocal.cli.queues.options import QUEUE, on_queues

__all__ = ["create", "delete", "pause", "purge", "redrive", "resume"]


@click.command("pause")
@QUEUE
@on_queues()
async def pause(queues: Queues, display: Display, queue: str) -> None:
    """Deliver nothing of a queue; messages are still accepted."""
    found = await queues.call("PATCH", f"/{queue}", {"settings": {"delivery_paused": True}})
    display.done(found, f'Paused the delivery of "{queue}".')


@click.command("resume")
@QUEUE
@on_queues()
async def resume(queues: Queues, display: Display, queue: str) -> None:
    """Deliver the messages of a queue again."""
    found = await queues.call("PATCH", f"/{queue}", {"settings": {"delivery_paused": False}})
    display.done(found, f'Resumed the delivery of "{queue}".')


@click.command("purge")
@QUEUE
@click.option("--id", "ids", multiple=True, metavar="MESSAGE", help="Only this one; repeatable.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@on_queues()
async def purge(
    queues: Queues, display: Display, queue: str, ids: tuple[str, ...], yes: bool
) -> None:
    """Delete all messages of a queue, or some."""
    if ids:
        refs = {"refs": [{"ref": each} for each in ids]}
        gone = await queues.post(f"/{queue}/messages/purge", refs)
        missing = gone["warnings"]
        if len(missing) == len(set(ids)):
            raise click.ClickException(
                f'Queue "{queue}" has none of these messages: see `flarelocal queues peek {queue}`'
            )
        count = len(set(ids)) - len(missing)
        display.done(gone, f'Deleted {count} message(s) of "{queue}".')
        return
    _confirm(yes or display.as_json, f'Delete all messages of "{queue}"?')
    found = await queues.post(f"/{queue}/purge", {"delete_messages_permanently": True})
    display.done(found, f'Deleted all messages of "{queue}".')


@click.command("redrive")
@QUEUE
@click.option("--id", "ids", multiple=True, metavar="MESSAGE", help="Only this one; repeatable.")
@on_queues()
async def redrive(queues: Queues, display: Display, queue: str, ids: tuple[str, ...]) -> None:
    """Move dead letters of a dead letter QUEUE back where they came from.

    Their attempts are counted anew.
    """
    refs = {"refs": [{"ref": each} for each in ids]} if ids else {}
    found = await queues.post(f"/{queue}/messages/redrive", refs)
    display.done(found, f'Moved {found["count"]} dead letter(s) out of "{queue}".')


@click.command("create")
@QUEUE
@click.option("--delivery-delay", type=click.IntRange(0, 86_400), help="Seconds.")
@click.option("--retention", type=click.IntRange(60, 1_209_600), help="Seconds.")
@on_queues(make=True)
async def create(
    queues: Queues,
    display: Display,
    queue: str,
    delivery_delay: int | None,
    retention: int | None,
) -> None:
    """Create a queue. Those that a Worker has a binding to exist already."""
    settings = {"delivery_delay": delivery_delay, "message_retention_period": retention}
    found = await queues.post("", {"queue_name": queue, "settings": settings})
    display.done(found, f'Created queue "{queue}".')


@click.command("delete")
@QUEUE
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@on_queues()
async def delete(queues: Queues, display: Display, queue: str, yes: bool) -> None:
    """Delete a queue with its messages."""
    _confirm(yes or display.as_json, f'Delete queue "{queue}" with all its messages?')
    await queues.call("DELETE", f"/{queue}")
    display.done({"deleted": queue}, f'Deleted queue "{queue}".')


def _confirm(yes: bool, question: str) -> None:
    if not yes:
        click.confirm(question, abort=True)
