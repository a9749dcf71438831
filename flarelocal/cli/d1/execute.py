"""`flarelocal d1 execute`."""

from __future__ import annotations

from typing import Any, TextIO

import click

from flarelocal.cli.d1.database import find_database
from flarelocal.cli.display import Display
from flarelocal.cli.stores import Stores, on_stores

__all__ = ["execute"]


@click.command("execute")
@click.argument("database")
@click.option("--command", "sql", help="SQL statements.")
@click.option("--file", type=click.File(encoding="utf-8"), help="A file of SQL statements.")
@click.option("-y", "--yes", is_flag=True, expose_value=False, hidden=True)
@on_stores
async def execute(
    stores: Stores, display: Display, database: str, sql: str | None, file: TextIO | None
) -> None:
    """Run SQL statements, all of them or none, and print their rows."""
    if (sql is None) == (file is None):
        raise click.UsageError("Give SQL by --command, or a file of it by --file.")
    if file is not None:
        sql = file.read()
    results = await stores.query(find_database(database).database_id, sql or "")
    if display.as_json:
        display.json(results)
        return
    shown = [each["results"] for each in results if each["results"]]
    for rows in shown:
        display.table(list(rows[0]), [[_cell(value) for value in row.values()] for row in rows], "")
    if not shown:
        written = sum(each["meta"]["rows_written"] for each in results)
        click.echo(f"Done: {len(results)} statement(s), {written} rows written.")


def _cell(value: Any) -> object:
    if value is None:
        return "NULL"
    return f"x'{bytes(value).hex()}'" if isinstance(value, list) else value
