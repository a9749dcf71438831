"""`flarelocal do evict|delete`."""

from __future__ import annotations

import click

from flarelocal.cli.display import Display
from flarelocal.cli.do.connection import Objects
from flarelocal.cli.do.options import on_objects, one_object

__all__ = ["delete", "evict"]


@click.command("evict")
@one_object
@on_objects
async def evict(objects: Objects, display: Display, class_name: str, object: str) -> None:
    """Take an object out of memory now, as it happens after 10 s without work.

    What it stored stays. Waits up to 30 s until nothing goes on in it.
    """
    found = await objects.of(class_name, object, "POST", "evict")
    display.done(found, f'Evicted "{object}".')


@click.command("delete")
@one_object
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@on_objects
async def delete(
    objects: Objects, display: Display, class_name: str, object: str, yes: bool
) -> None:
    """Delete an object with all that it stored, its alarm included."""
    found = await objects.of(class_name, object, "GET")
    if not (yes or display.as_json):
        click.confirm(f'Delete "{object}" of {found["class"]} with all that it stored?', abort=True)
    gone = await objects.of(class_name, found["id"], "DELETE")
    display.done(gone, f'Deleted "{object}".')
