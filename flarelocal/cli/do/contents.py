"""`flarelocal do storage|sql`."""

from __future__ import annotations

import json
from typing import Any

import click

from flarelocal.cli.display import Display
from flarelocal.cli.do.connection import Objects
from flarelocal.cli.do.options import on_objects, one_object

__all__ = ["sql", "storage"]

_WIDTH = 60

_facet = click.option(
    "--facet", multiple=True, help="A facet of the object; repeat it for one within."
)


@click.command("storage")
@one_object
@click.argument("keys", nargs=-1, metavar="[KEY...]")
@click.option("--prefix", help="Only keys that begin so.")
@click.option("--start", help="Only keys from this one on.")
@click.option("--end", help="Only keys before this one.")
@click.option("--reverse", is_flag=True, help="The last key first.")
@click.option("-n", "--limit", type=click.IntRange(1), default=100, show_default=True)
@_facet
@on_objects
async def storage(
    objects: Objects,
    display: Display,
    class_name: str,
    object: str,
    keys: tuple[str, ...],
    prefix: str | None,
    start: str | None,
    end: str | None,
    reverse: bool,
    limit: int,
    facet: tuple[str, ...],
) -> None:
    """Show keys with their values: the KEYs, or all in a range."""
    bounds = {"prefix": prefix, "start": start, "end": end}
    chosen = {name: bound for name, bound in bounds.items() if bound is not None}
    options = {"key": keys} if keys else {**chosen, "reverse": reverse, "limit": limit}
    found = await objects.of(class_name, object, "GET", "storage", facet=facet, **options)
    entries = found["entries"]
    if missing := [key for key in keys if key not in {entry["key"] for entry in entries}]:
        raise click.ClickException(
            f"{object} has no key {', '.join(missing)}: "
            f"see `flarelocal do storage {class_name} {object}`"
        )
    if display.as_json:
        display.json(found)
    elif len(keys) == 1:
        click.echo(_text(entries[0], indent=2))
    else:
        display.table(
            ["key", "bytes", "value"],
            [[entry["key"], entry["bytes"], _short(_text(entry))] for entry in entries],
            f"{object} has no such keys." if chosen else f"{object} has no keys.",
        )
        if found["more"]:
            click.echo("There are more: use --start or --limit.")


@click.command("sql")
@one_object
@click.argument("statement")
@click.argument("bindings", nargs=-1, metavar="[BINDING...]")
@_facet
@on_objects
async def sql(
    objects: Objects,
    display: Display,
    class_name: str,
    object: str,
    statement: str,
    bindings: tuple[str, ...],
    facet: tuple[str, ...],
) -> None:
    """Run SQL as `ctx.storage.sql.exec` does, and print the rows.

    A BINDING is a number, null, or else text.
    """
    asked = {"query": statement, "bindings": [_binding(text) for text in bindings]}
    found = await objects.of(class_name, object, "POST", "sql", asked, facet=facet)
    if display.as_json:
        display.json(found)
        return
    if found["columns"]:
        rows = [[_cell(value) for value in row] for row in found["rows"]]
        display.table(found["columns"], rows, "No rows.")
    else:
        click.echo(f"Done: {found['rows_written']} rows written.")


def _text(entry: Any, indent: int | None = None) -> str:
    if entry["type"] != "json":
        return str(entry["value"])
    return json.dumps(entry["value"], ensure_ascii=False, indent=indent)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _binding(text: str) -> float | str | None:
    if text == "null":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _cell(value: Any) -> object:
    if value is None:
        return "NULL"
    if isinstance(value, dict):
        import base64

        return f"x'{base64.b64decode(value['base64']).hex()}'"
    return value
