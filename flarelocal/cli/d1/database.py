"""The database that a command is about."""

from __future__ import annotations

from pathlib import Path

import click

from flarelocal.cli.stores import config_of
from flarelocal.config.bindings import D1Database

__all__ = ["find_database"]


def find_database(name: str) -> D1Database:
    """The database of a name, an id or a binding; without a config, that of the id.

    Raises:
        click.ClickException: the config has no such database.
    """
    config = config_of()
    if config is None:
        return D1Database(name, name, None, Path("migrations").resolve())
    for each in config.d1_databases:
        if name in (each.database_name, each.database_id, each.binding):
            return each
    there = ", ".join(each.database_name or each.binding for each in config.d1_databases)
    raise click.ClickException(
        f"Couldn't find a D1 DB with the name or binding '{name}' in your {config.path.name} file: "
        f"there is {there or 'none'}"
    )
