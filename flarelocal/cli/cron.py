"""`flarelocal cron`: what crons mean, when they fire, and firing them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.project import Project, on_project
from flarelocal.cli.server import over_http, running_server, state_of
from flarelocal.cli.times import local, moment, utc

if TYPE_CHECKING:
    from flarelocal.cron import Expression

__all__ = ["command"]

_FIRES_EXPLAINED = 10

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_from = click.option(
    "--from", "start", type=moment, help="Look from this time on instead of from now."
)
_count = click.option(
    "-n",
    "--count",
    type=click.IntRange(1, 1000),
    default=_FIRES_EXPLAINED,
    show_default=True,
    help="How many fires to list.",
)


@click.group("cron", cls=Group)
def command() -> None:
    """See when crons fire, in UTC as on Cloudflare, and fire them."""


@command.command("list")
@_from
@_json
@on_project
def list_crons(project: Project, start: int | None, as_json: bool) -> None:
    """List the crons of the config: what each means and when it fires next."""
    now = _now() if start is None else start
    crons = _configured(project)
    several = project.size > 1
    display = Display(as_json)
    if as_json:
        display.json(
            [({"worker": w} if several else {}) | _described(cron, now, 1) for w, cron in crons]
        )
        return
    rows = [
        [*([worker] if several else []), cron.text, _shown(cron.next_after(now)), cron.explain()]
        for worker, cron in crons
    ]
    columns = [*(["worker"] if several else []), "cron", "next", "meaning"]
    display.table(columns, rows, "There are no crons: add triggers.crons.")
    for _, cron in crons:
        for hint in cron.hints():
            click.echo(f"{cron.text}: {hint}", err=True)


@command.command("next")
@click.argument("cron", required=False)
@_count
@_from
@_json
@on_project
def next_fires(
    project: Project, cron: str | None, count: int, start: int | None, as_json: bool
) -> None:
    """List what fires next: all crons of the config, or one expression (without a config)."""
    crons = [each for _, each in _configured(project)] if cron is None else [_parsed(cron)]
    now = _now() if start is None else start
    fires = list(islice(merge(*(_fires(each, now) for each in crons)), count))
    display = Display(as_json)
    if as_json:
        display.json([{"cron": text, "at": at} for at, text in fires])
    else:
        rows = [[utc(at), local(at), text] for at, text in fires]
        display.table(["time", "local", "cron"], rows, "Nothing fires.")


@command.command("explain")
@click.argument("cron")
@_count
@_from
@_json
def explain(cron: str, count: int, start: int | None, as_json: bool) -> None:
    """Say in words when an expression fires, and list the next times."""
    from flarelocal.cron import CronError, Expression

    display = Display(as_json)
    now = _now() if start is None else start
    try:
        expression = Expression.parse(cron)
    except CronError as error:
        if not as_json:
            raise _refused(error) from None
        display.json({"cron": cron, "valid": False, "reason": error.reason, "hint": error.hint})
        raise SystemExit(1) from None
    described = _described(expression, now, count)
    if as_json:
        display.json(described)
        return
    click.echo(expression.explain())
    for hint in expression.hints():
        click.echo(click.style(f"  {hint}", fg="yellow"))
    click.echo()
    rows = [[utc(at), local(at)] for at, _ in islice(_fires(expression, now), count)]
    display.table(["next", "local"], rows, "It never fires.")


@command.command("run")
@click.argument("cron", default="")
@click.option("--at", type=moment, help="The scheduled time that the Worker sees.  [default: now]")
@click.option(
    "--persist-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="State directory.  [default: .flarelocal/state beside the config]",
)
@click.option("--url", help="Ask this server instead of looking for one.")
@_json
@on_project
def run(
    project: Project,
    cron: str,
    at: int | None,
    persist_to: Path | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Fire a cron: on the server that runs, else in a Worker of its own on the same state."""
    state = persist_to or (Path() if url else state_of(project.config))
    worker = _owner(project, cron) if project.size > 1 else None
    if server := url or running_server(state):
        outcome, no_retry = asyncio.run(_run_there(server, cron, at, worker))
    else:
        result = project.run(lambda emulator: emulator.scheduled(cron, at, worker=worker), state)
        outcome, no_retry = result.outcome, result.no_retry
    Display(as_json).done({"outcome": outcome, "noRetry": no_retry}, outcome)
    raise SystemExit(outcome != "ok")


def _owner(project: Project, cron: str) -> str | None:
    """The Worker that has a cron; None if none has, so that the first one gets it."""
    found = (config.name for config in project.load() if cron in config.crons)
    return next(found, None)


async def _run_there(
    server: str, cron: str, at: int | None, worker: str | None
) -> tuple[str, bool]:
    query = {"format": "json", "cron": cron, "time": at, "worker": worker}
    given = {name: value for name, value in query.items() if value is not None}
    path = f"/cdn-cgi/local/scheduled?{urlencode(given)}"
    answer = json.loads(await over_http(server)("GET", path, b""))
    return answer["outcome"], answer["noRetry"]


def _configured(project: Project) -> list[tuple[str, Expression]]:
    """The crons with the Workers that have them."""
    from flarelocal.cron import ScheduleError, compile_schedule

    try:
        return [
            (config.name, cron)
            for config in project.load()
            for cron in compile_schedule(config.crons)
        ]
    except ScheduleError as error:
        raise click.ClickException(str(error)) from None


def _parsed(text: str) -> Expression:
    from flarelocal.cron import CronError, Expression

    try:
        return Expression.parse(text)
    except CronError as error:
        raise _refused(error) from None


def _refused(error: ValueError) -> click.ClickException:
    return click.ClickException(str(error))


def _described(cron: Expression, now: int, count: int) -> dict[str, object]:
    return {
        "cron": cron.text,
        "valid": True,
        "meaning": cron.explain(),
        "hints": list(cron.hints()),
        "next": [at for at, _ in islice(_fires(cron, now), count)],
    }


def _fires(cron: Expression, now: int) -> Iterator[tuple[int, str]]:
    at: int | None = now
    while at is not None and (at := cron.next_after(at)) is not None:
        yield at, cron.text


def _shown(at: int | None) -> str:
    return "never" if at is None else utc(at)


def _now() -> int:
    return int(time.time() * 1000)
