"""`flarelocal d1 migrations list|apply|create`, with files and a table as wrangler has them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from flarelocal.cli.d1.database import find_database
from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.stores import Stores, on_stores
from flarelocal.config.bindings import D1Database

__all__ = ["migrations"]

_NUMBER = re.compile(r"\d+")


@click.group("migrations", cls=Group)
def migrations() -> None:
    """Change databases step by step, by the files of `migrations_dir`."""


@migrations.command("list")
@click.argument("database")
@on_stores
async def list_(stores: Stores, display: Display, database: str) -> None:
    """Show the migrations that are not applied yet."""
    found = find_database(database)
    names = await _unapplied(stores, found)
    if display.as_json:
        display.json([{"name": name} for name in names])
    else:
        display.table(["name"], [[name] for name in names], "No migrations to apply!")


@migrations.command("apply")
@click.argument("database")
@on_stores
async def apply(stores: Stores, display: Display, database: str) -> None:
    """Apply all that are not applied yet; one that fails is rolled back, and ends it."""
    found = find_database(database)
    names = await _unapplied(stores, found)
    table = _quoted(found.migrations_table)
    done: list[dict[str, str]] = []
    for name in names:
        sql = (found.migrations_dir / name).read_text("utf-8")
        escaped = name.replace("'", "''")
        try:
            await stores.query(
                found.database_id, f"{sql}\n;INSERT INTO {table} (name) VALUES ('{escaped}');"
            )
        except click.ClickException as refused:
            raise click.ClickException(
                f"Migration {name} failed with the following errors:\n{refused.message}"
            ) from None
        done.append({"name": name, "status": "applied"})
    if display.as_json:
        display.json(done)
    else:
        rows = [[each["name"], each["status"]] for each in done]
        display.table(["name", "status"], rows, "No migrations to apply!")


@migrations.command("create")
@click.argument("database")
@click.argument("message")
@click.option("-c", "--config", type=click.Path(path_type=Path), help="The wrangler file.")
def create(database: str, message: str, config: Path | None) -> None:
    """Write a new file for a migration."""
    del config
    if re.search(r"[\\/]", message):
        raise click.ClickException(
            f'The migration name "{message}" contains a path separator: remove it and try again'
        )
    found = find_database(database)
    numbers = [_order(name)[0] for name in _files(found)]
    number = f"{max([each for each in numbers if each is not None], default=0) + 1:04}"
    path = found.migrations_dir / f"{number}_{message.replace(' ', '_')}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    path.write_text(f"-- Migration number: {number} \t {now}\n", "utf-8")
    click.echo(f"Wrote {path}: put SQL into it, then run `flarelocal d1 migrations apply`.")


async def _unapplied(stores: Stores, database: D1Database) -> list[str]:
    table = _quoted(database.migrations_table)
    # The table is wrangler's, so that a database which is exported fits there.
    await stores.query(
        database.database_id,
        f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    [result] = await stores.query(database.database_id, f"SELECT name FROM {table} ORDER BY id")
    applied = {row["name"] for row in result["results"]}
    files = _files(database)
    if not files and not database.migrations_dir.is_dir():
        raise click.ClickException(
            f"No migrations present at {database.migrations_dir}: write one by "
            "`flarelocal d1 migrations create`, or set migrations_dir"
        )
    return [name for name in files if name not in applied]


def _files(database: D1Database) -> list[str]:
    directory = database.migrations_dir
    if database.migrations_pattern is None:
        found = directory.glob("*.sql")
    else:
        # The pattern begins with migrations_dir, below the directory of the config.
        inner = database.migrations_pattern.removeprefix("./")
        inner = inner.removeprefix(f"{directory.name}/")
        found = directory.glob(inner)
    return sorted((path.relative_to(directory).as_posix() for path in found), key=_order)


def _order(name: str) -> tuple[float, str]:
    number = _NUMBER.match(name)
    return (int(number[0]) if number else float("inf"), name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
