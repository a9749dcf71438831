"""What all commands about queues have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec
from urllib.parse import quote

import click

from flarelocal.cli.display import Display
from flarelocal.cli.queues.connection import Queues, at_home
from flarelocal.cli.state import on_state

__all__ = ["QUEUE", "on_queues"]

P = ParamSpec("P")
_HINT = "run `flarelocal dev`, name another directory with --persist-to, or create a queue"

QUEUE = click.argument("queue", callback=lambda _, __, name: quote(name, safe=""))


def on_queues(
    *, make: bool = False
) -> Callable[[Callable[Concatenate[Queues, Display, P], Awaitable[None]]], Callable[..., None]]:
    """Give a command the queues, and the options that say which ones and how to show them.

    Args:
        make: whether the command makes the state directory if it is missing.
    """
    return on_state(at_home, Queues, _HINT, make=make)
