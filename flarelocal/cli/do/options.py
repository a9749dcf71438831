"""What all commands about Durable Objects have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from flarelocal.cli.display import Display
from flarelocal.cli.do.connection import Objects, at_home
from flarelocal.cli.state import on_state

__all__ = ["on_objects", "one_object"]

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Any])


def one_object(work: F) -> F:
    """The arguments that name an object."""
    return click.argument("class_name", metavar="CLASS")(click.argument("object")(work))


def on_objects(
    work: Callable[Concatenate[Objects, Display, P], Awaitable[None]],
) -> Callable[..., None]:
    """Give a command the objects, and the options that say which ones and how to show them."""
    hint = "run `flarelocal dev`, or name another directory with --persist-to"
    return on_state(at_home, Objects, hint)(work)
