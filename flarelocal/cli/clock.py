"""`flarelocal clock`: move the clock of a server that runs."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.server import config_of_state, over_http, running_server, state_of
from flarelocal.cli.times import moment, span, utc

__all__ = ["command"]

_PATH = "/cdn-cgi/local/clock"


@click.group("clock", cls=Group)
def command() -> None:
    """See and move the clock of the server that runs.

    On the way ahead everything that falls due fires in order: crons, alarms, delayed and retried
    messages, batch timeouts, expiries.
    """


def _action(work: Callable[..., tuple[str, dict[str, object]]]) -> Callable[..., None]:
    """A command that sends an action with a body to the server, and shows the clock afterwards."""

    @config_of_state
    @click.option(
        "--persist-to",
        type=click.Path(path_type=Path, file_okay=False),
        help="State directory of the server.  [default: .flarelocal/state beside the config]",
    )
    @click.option("--url", help="Ask this server instead of looking for one.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @functools.wraps(work)
    def run(
        *, config: Path | None, persist_to: Path | None, url: str | None, as_json: bool, **more: Any
    ) -> None:
        action, body = work(**more)
        server = url or running_server(persist_to or state_of(config))
        if server is None:
            raise click.ClickException("No server runs here: start flarelocal dev, or use --url")
        method = "POST" if action else "GET"
        ask = over_http(server, patience_s=None)
        answer = json.loads(asyncio.run(ask(method, _PATH + action, json.dumps(body).encode())))
        if "error" in answer:
            raise click.ClickException(answer["error"])
        _show(answer, Display(as_json))

    return run


@command.command("show")
@_action
def show() -> tuple[str, dict[str, object]]:
    """Show the time, and what fires next."""
    return "", {}


@command.command(
    "jump", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]}
)
@click.argument("by", type=span, metavar="SPAN")
@_action
def jump(by: int) -> tuple[str, dict[str, object]]:
    """Move by a time span: +3h, 90s, 1d12h, -5m."""
    return "/jump", {"by": by}


@command.command("jump-to")
@click.argument("to", type=moment, metavar="TIME")
@_action
def jump_to(to: int) -> tuple[str, dict[str, object]]:
    """Move to a time: 2026-12-24T09:00 (UTC), or milliseconds since 1970."""
    return "/jump-to", {"to": to}


@command.command("next")
@_action
def next_() -> tuple[str, dict[str, object]]:
    """Move to what fires next, and fire it."""
    return "/next", {}


@command.command("pause")
@_action
def pause() -> tuple[str, dict[str, object]]:
    """Stop the clock."""
    return "/pause", {}


@command.command("resume")
@_action
def resume() -> tuple[str, dict[str, object]]:
    """Let the clock go on from where it stands."""
    return "/resume", {}


@command.command("reset")
@_action
def reset() -> tuple[str, dict[str, object]]:
    """Show wall time again."""
    return "/reset", {}


def _show(answer: dict[str, Any], display: Display) -> None:
    if display.as_json:
        display.json(answer)
        return
    ahead = _ahead(answer["offset"])
    click.echo(f"{utc(answer['now'])}{ahead}{', paused' if answer['paused'] else ''}")
    for label, count in answer.get("fired", {}).items():
        click.echo(f"  fired {label}" + (f" ({count} times)" if count > 1 else ""))
    if upcoming := answer["upcoming"]:
        click.echo()
        display.table(["next", "what"], [[utc(each["at"]), each["label"]] for each in upcoming], "")


def _ahead(offset_ms: int) -> str:
    seconds = round(abs(offset_ms) / 1000)
    if not seconds:
        return ""
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    d, h = divmod(hours, 24)
    parts = [f"{n}{unit}" for n, unit in ((d, "d"), (h, "h"), (m, "m"), (s, "s")) if n]
    return f", {' '.join(parts)} {'ahead' if offset_ms > 0 else 'behind'}"
