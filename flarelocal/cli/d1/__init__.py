"""`flarelocal d1`: SQL on D1 databases, and their migrations."""

from __future__ import annotations

import click

from flarelocal.cli.d1.execute import execute
from flarelocal.cli.d1.migrations import migrations
from flarelocal.cli.group import Group

__all__ = ["command"]


@click.group("d1", cls=Group)
def command() -> None:
    """Run SQL on D1 databases: of the server that runs, else in the state directory.

    A DATABASE is named by its name, its id or its binding.
    """


command.add_command(execute)
command.add_command(migrations)
