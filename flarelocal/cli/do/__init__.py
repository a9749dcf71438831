"""`flarelocal do`: see and steer the Durable Objects of a server, or of a state directory."""

from __future__ import annotations

import click

from flarelocal.cli.do.alarm import alarm
from flarelocal.cli.do.contents import sql, storage
from flarelocal.cli.do.importing import import_
from flarelocal.cli.do.listing import list_objects, show
from flarelocal.cli.do.steering import delete, evict
from flarelocal.cli.group import Group

__all__ = ["command"]


@click.group("do", cls=Group)
def command() -> None:
    """See and steer Durable Objects: of the server that runs, else in the state directory.

    An OBJECT is named by its name or by its id.
    """


for _each in (list_objects, show, storage, sql, alarm, evict, delete, import_):
    command.add_command(_each)
