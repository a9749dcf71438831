"""What all commands about queues have in common."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

import click

from flarelocal.cli.display import Display
from flarelocal.cli.queues.connection import Queues, connect
from flarelocal.cli.server import state_of

__all__ = ["QUEUE", "on_queues"]

P = ParamSpec("P")
_Work = Callable[Concatenate[Queues, Display, P], Awaitable[None]]

QUEUE = click.argument("queue", callback=lambda _, __, name: quote(name, safe=""))


def on_queues(*, make: bool = False) -> Callable[[_Work[P]], Callable[..., None]]:
    """Give a command the queues, and the options that say which ones and how to show them.

    Args:
        make: whether the command makes the state directory if it is missing.
    """

    def decorate(work: _Work[P]) -> Callable[..., None]:
        @click.option("-c", "--config", type=click.Path(path_type=Path), help="The wrangler file.")
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
                raise click.ClickException(
                    f"{state}: there is no state yet: run `flarelocal dev`, "
                    "name another directory with --persist-to, or create a queue"
                )

            async def run() -> None:
                async with connect(state, url) as queues:
                    await work(queues, Display(as_json), *args, **kwargs)

            asyncio.run(run())

        return command

    return decorate
