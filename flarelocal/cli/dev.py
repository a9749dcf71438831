"""`flarelocal dev`."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flarelocal.cli.project import variables as read_variables
from flarelocal.garbage import without_garbage

if TYPE_CHECKING:
    from flarelocal.server.development import Keys

__all__ = ["command"]

_LEVELS = ["debug", "info", "log", "warn", "error", "none"]


@click.command("dev")
@click.option(
    "-c",
    "--config",
    "configs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The wrangler file; repeatable: several Workers, requests go to the first one.",
)
@click.option("-e", "--env", "environment", help="A named environment of the config.")
@click.option("--ip", help="Address to listen on.  [default: dev.ip, else 127.0.0.1]")
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65535),
    help="Port; 0 takes any free one.  [default: dev.port, else 8787 or the next free one]",
)
@click.option(
    "--persist-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="State directory.  [default: .flarelocal/state beside the config]",
)
@click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME:VALUE",
    callback=read_variables,
    help="Set a variable; repeatable.",
)
@click.option(
    "--env-file",
    "env_files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read variables from this file instead of .dev.vars and .env; repeatable.",
)
@click.option("--no-crons", is_flag=True, help="Do not fire crons by themselves.")
@click.option(
    "--missed-crons",
    type=click.Choice(["skip", "once", "all"]),
    default="skip",
    show_default=True,
    help="What becomes of crons missed while the machine slept or nothing ran.",
)
@click.option(
    "--lenient",
    multiple=True,
    type=click.Choice(
        ["derivation-limits", "environment", "object-limits", "queue-limits", "startup-randomness"]
    ),
    metavar="NAME",
    help="Allow what production refuses; the README tells the names; repeatable.",
)
@click.option("--local-limits", is_flag=True, help="The same as --lenient object-limits.")
@click.option("--no-reload", is_flag=True, help="Do not watch files for changes.")
@click.option(
    "--log-level",
    type=click.Choice(_LEVELS),
    default="log",
    show_default=True,
    metavar="LEVEL",
    help="What is shown at least: debug, info, log, warn, error or none.",
)
@click.option(
    "--json-logs", is_flag=True, help="One JSON object a line: all entries of the journal."
)
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write {url, pid} as JSON to this file when the server is ready.",
)
def command(
    configs: tuple[Path, ...],
    environment: str | None,
    ip: str | None,
    port: int | None,
    persist_to: Path | None,
    variables: dict[str, str],
    env_files: tuple[Path, ...],
    no_crons: bool,
    missed_crons: str,
    lenient: tuple[str, ...],
    local_limits: bool,
    no_reload: bool,
    log_level: str,
    json_logs: bool,
    ready_file: Path | None,
) -> None:
    """Serve Workers on this machine and fire their crons, queues and alarms."""
    with without_garbage():
        from flarelocal.config import ConfigError
        from flarelocal.config.own import Leniency
        from flarelocal.cron import MissedPolicy
        from flarelocal.emulator import StartError
        from flarelocal.server.development import DevelopmentServer, Settings
        from flarelocal.terminal import Terminal

    relaxed = [Leniency.OBJECT_LIMITS] if local_limits else []
    # The loggers of the Worker are its own business.
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    settings = Settings(
        configs=configs,
        environment=environment,
        ip=ip,
        port=port,
        state=persist_to,
        variables=variables,
        env_files=env_files,
        crons=not no_crons,
        missed=MissedPolicy(missed_crons),
        lenient=frozenset(map(Leniency, [*lenient, *relaxed])),
        reload=not no_reload,
        ready_file=ready_file,
    )
    with contextlib.ExitStack() as undo:
        terminal = Terminal(sys.stdout, log_level)
        if json_logs:
            from flarelocal.terminal.json_lines import JsonTerminal

            terminal = undo.enter_context(JsonTerminal.on_stdout())
        try:
            status = DevelopmentServer(settings, terminal, _keys()).run()
        except (ConfigError, StartError) as error:
            terminal.fatal(str(error))
            status = 1
    raise SystemExit(status)


def _keys() -> Keys | None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from flarelocal.cli.hotkeys import has_keys, hotkeys

    return hotkeys if has_keys() else None
