"""The Worker that a command is about: its configuration, and a run of it in this process."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from flarelocal.config import LoadedConfig
    from flarelocal.emulator import Emulator

__all__ = ["Project", "on_project", "variables"]

P = ParamSpec("P")
T = TypeVar("T")


class Project(NamedTuple):
    """What the command line says about the configuration."""

    config: Path | None
    environment: str | None
    variables: dict[str, str]
    env_files: tuple[Path, ...]

    def load(self) -> LoadedConfig:
        """Read the configuration.

        Raises:
            click.ClickException: it is wrong.
        """
        from flarelocal.config import ConfigError, load_config

        try:
            return load_config(
                self.config,
                environment=self.environment,
                variables=self.variables,
                env_files=self.env_files,
            )
        except ConfigError as error:
            raise click.ClickException(str(error)) from None

    def run(self, work: Callable[[Emulator], Awaitable[T]], state: Path | None = None) -> T:
        """Do something with the Worker, to which nothing else happens meanwhile.

        What the Worker prints and raises appears on standard error.

        Args:
            state: the directory that keeps state; None: memory.

        Raises:
            click.ClickException: the Worker does not start.
        """
        from flarelocal.emulator import Emulator, StartError
        from flarelocal.pyodide.webloop import WebLoop
        from flarelocal.terminal import Terminal

        config = self.load().config

        async def run() -> T:
            emulator = Emulator(config, state=state, passive=True)
            Terminal(sys.stderr, "error").follow(emulator.journal)
            async with emulator:
                return await work(emulator)

        try:
            with (
                contextlib.redirect_stdout(sys.stderr),
                asyncio.Runner(loop_factory=WebLoop) as runner,
            ):
                return runner.run(run())
        except StartError as error:
            raise click.ClickException(str(error)) from None


def on_project(work: Callable[Concatenate[Project, P], T]) -> Callable[..., T]:
    """Give a command the options that name a configuration, and the project as first argument."""

    @click.option("-c", "--config", type=click.Path(path_type=Path), help="The wrangler file.")
    @click.option("-e", "--env", "environment", help="A named environment of the config.")
    @click.option(
        "--var",
        multiple=True,
        metavar="NAME:VALUE",
        callback=variables,
        help="Set a variable; repeatable.",
    )
    @click.option(
        "--env-file",
        "env_files",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Read variables from this file instead of .dev.vars and .env; repeatable.",
    )
    @functools.wraps(work)
    def command(
        *args: Any,
        config: Path | None,
        environment: str | None,
        var: dict[str, str],
        env_files: tuple[Path, ...],
        **kwargs: Any,
    ) -> T:
        return work(Project(config, environment, var, env_files), *args, **kwargs)

    return command


def variables(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Read the values of `--var`.

    Raises:
        click.BadParameter: one has no name.
    """
    found: dict[str, str] = {}
    for item in given:
        name, separator, value = item.partition(":")
        if not separator or not name:
            raise click.BadParameter(f"{item!r} is not of the form NAME:VALUE")
        found[name] = value
    return found
