"""The Workers that a command is about: their configurations, and a run of them in this process."""

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
    from flarelocal.config import LoadedConfig, WorkerConfig
    from flarelocal.emulator import Emulator

__all__ = ["Project", "on_project", "variables"]

P = ParamSpec("P")
T = TypeVar("T")


class Project(NamedTuple):
    """What the command line says about the configuration."""

    configs: tuple[Path, ...]
    environment: str | None
    variables: dict[str, str]
    env_files: tuple[Path, ...]

    @property
    def config(self) -> Path | None:
        """The wrangler file of the first Worker; None: the one that is found here."""
        return self.configs[0] if self.configs else None

    def load(self) -> list[WorkerConfig]:
        """Read the configuration of each Worker.

        Raises:
            click.ClickException: one is wrong.
        """
        from flarelocal.config import ConfigError

        try:
            return [self.load_one(index).config for index in range(self.size)]
        except ConfigError as error:
            raise click.ClickException(str(error)) from None

    @property
    def size(self) -> int:
        """How many Workers there are."""
        return len(self.configs) or 1

    def load_one(self, index: int) -> LoadedConfig:
        """Read one configuration; as with wrangler, variables of the command are the first one's.

        Raises:
            ConfigError: it is wrong.
        """
        from flarelocal.config import load_config

        return load_config(
            self.configs[index] if self.configs else None,
            environment=self.environment,
            variables={} if index else self.variables,
            env_files=() if index else self.env_files,
        )

    def run(self, work: Callable[[Emulator], Awaitable[T]], state: Path | None = None) -> T:
        """Do something with the Workers, to which nothing else happens meanwhile.

        What they print and raise appears on standard error.

        Args:
            state: the directory that keeps state; None: memory.

        Raises:
            click.ClickException: they do not start.
        """
        from flarelocal.emulator import Emulator, StartError
        from flarelocal.pyodide.webloop import WebLoop
        from flarelocal.terminal import Terminal

        configs = self.load()

        async def run() -> T:
            emulator = Emulator(*configs, state=state, passive=True)
            Terminal(sys.stderr, "error").follow(emulator.journal, several=len(configs) > 1)
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
    """Give a command the options that name configurations, and the project as first argument."""

    @click.option(
        "-c",
        "--config",
        "configs",
        multiple=True,
        type=click.Path(path_type=Path),
        help="The wrangler file; repeatable.",
    )
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
        configs: tuple[Path, ...],
        environment: str | None,
        var: dict[str, str],
        env_files: tuple[Path, ...],
        **kwargs: Any,
    ) -> T:
        return work(Project(configs, environment, var, env_files), *args, **kwargs)

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
