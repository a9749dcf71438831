"""`flarelocal do list|show`."""

from __future__ import annotations

from typing import Any

import click

from flarelocal.cli.display import Display
from flarelocal.cli.do.connection import Objects
from flarelocal.cli.do.options import on_objects, one_object
from flarelocal.cli.times import utc

__all__ = ["list_objects", "show"]


@click.command("list")
@click.argument("class_name", metavar="[CLASS]", required=False)
@on_objects
async def list_objects(objects: Objects, display: Display, class_name: str | None) -> None:
    """List the objects that have stored something or are in memory."""
    found = await objects.list(class_name)
    if display.as_json:
        display.json(found)
        return
    display.table(
        ["class", "name", "id", "in memory", "alarm", "bytes"],
        [
            [
                each["class"],
                each["name"] or "-",
                each["id"],
                "yes" if each["running"] else "no",
                _alarm(each),
                each["file_bytes"] or 0,
            ]
            for each in found
        ],
        "There are no Durable Objects.",
    )


@click.command("show")
@one_object
@on_objects
async def show(objects: Objects, display: Display, class_name: str, object: str) -> None:
    """Show what an object is and what it stores."""
    found = await objects.of(class_name, object, "GET")
    if display.as_json:
        display.json(found)
        return
    tables = [f"{table['name']} ({table['rows']} rows)" for table in found["tables"]]
    display.facts(
        [
            ("class", found["class"]),
            ("namespace", found["namespace"]),
            ("name", found["name"] or "-"),
            ("id", found["id"]),
            ("jurisdiction", found["jurisdiction"] or "-"),
            ("in memory", "yes" if found["running"] else "no"),
            ("alarm", _alarm(found)),
            ("on disk", f"{found['file_bytes'] or 0} bytes"),
            ("keys", found["keys"]),
            ("tables", ", ".join(tables) or "none"),
            ("facets", ", ".join(found["facets"]) or "none"),
        ]
    )


def _alarm(found: Any) -> str:
    return "-" if found["alarm"] is None else utc(found["alarm"])
