"""What a command sees and steers: of the server that runs, else of a state directory."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from flarelocal.cli.display import Display
from flarelocal.cli.server import Ask, OverHttp, config_of_state, over_http, state_of

if TYPE_CHECKING:
    from flarelocal.state import StateDirectory

__all__ = ["AtHome", "on_state", "reach"]

P = ParamSpec("P")
T = TypeVar("T")

A = TypeVar("A", bound=Ask)

AtHome = Callable[["StateDirectory"], AbstractAsyncContextManager[A]]
"""Answers what a server would, from a directory that none works on."""


@contextlib.asynccontextmanager
async def reach(state: Path, url: str | None, at_home: AtHome[A]) -> AsyncIterator[A | OverHttp]:
    """The way to whoever answers.

    Args:
        state: the state directory.
        url: of a server; None: of the one that works on the directory, if one does.

    Raises:
        click.ClickException: nobody can be reached.
    """
    from flarelocal.state import StateDirectory, StateDirectoryError, StateInUseError

    if url is not None:
        yield over_http(url)
        return
    try:
        directory = StateDirectory(state)
    except StateInUseError as used:
        if used.holder is None or used.holder.url is None:
            raise click.ClickException(str(used)) from None
        yield over_http(used.holder.url)
    except StateDirectoryError as error:
        raise click.ClickException(str(error)) from None
    else:
        with contextlib.closing(directory):
            async with at_home(directory) as ask:
                yield ask


def on_state(
    at_home: AtHome[A], made_of: Callable[[A | OverHttp], T], hint: str, *, make: bool = False
) -> Callable[[Callable[Concatenate[T, Display, P], Awaitable[None]]], Callable[..., None]]:
    """Give a command what it is about, and the options that say where and how to show it.

    Args:
        at_home: answers when no server does.
        made_of: what the command gets, of the way to whoever answers.
        hint: what to do if there is no state.
        make: whether the command makes the state directory if it is missing.
    """

    def decorate(
        work: Callable[Concatenate[T, Display, P], Awaitable[None]],
    ) -> Callable[..., None]:
        @config_of_state
        @click.option(
            "--persist-to",
            type=click.Path(path_type=Path, file_okay=False),
            help="State directory.  [default: .flarelocal/state beside the config]",
        )
        @click.option("--url", help="Ask this server instead of looking for one.")
        @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
        @functools.wraps(work)
        def command(
            *args: Any,
            config: Path | None,
            persist_to: Path | None,
            url: str | None,
            as_json: bool,
            **kwargs: Any,
        ) -> None:
            state = persist_to or (Path() if url else state_of(config))
            if not (make or url or state.exists()):
                raise click.ClickException(f"{state}: there is no state yet: {hint}")

            async def run() -> None:
                async with reach(state, url, at_home) as ask:
                    await work(made_of(ask), Display(as_json), *args, **kwargs)

            asyncio.run(run())

        return command

    return decorate
