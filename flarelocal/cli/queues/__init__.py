"""`flarelocal queues`: see and steer the queues of a server, or of a state directory."""

from __future__ import annotations

import click

from flarelocal.cli.group import Group
from flarelocal.cli.queues.listing import history, info, list_queues, peek
from flarelocal.cli.queues.sending import send
from flarelocal.cli.queues.steering import create, delete, pause, purge, redrive, resume

__all__ = ["command"]


@click.group("queues", cls=Group)
def command() -> None:
    """See and steer queues: of the server that runs, else in the state directory."""


for _each in (
    list_queues,
    info,
    send,
    peek,
    history,
    pause,
    resume,
    purge,
    redrive,
    create,
    delete,
):
    command.add_command(_each)
