"""`flarelocal do alarm`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flarelocal.cli.display import Display
from flarelocal.cli.do.connection import Objects, asking, at_home
from flarelocal.cli.do.options import one_object
from flarelocal.cli.project import Project, on_project
from flarelocal.cli.server import over_http, running_server, state_of
from flarelocal.cli.state import reach
from flarelocal.cli.times import moment, span, utc

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["alarm"]


def _when(_: click.Context, __: click.Parameter, text: str | None) -> dict[str, int] | None:
    if text is None:
        return None
    return {"after": span(text)} if text.startswith("+") else {"at": moment(text)}


@click.command("alarm")
@one_object
@click.option(
    "--set", "when", metavar="WHEN", callback=_when, help="Set it: +1h, or 2026-12-24T09:00 (UTC)."
)
@click.option("--delete", is_flag=True, help="Take it away.")
@click.option("--run", is_flag=True, help="Run it now; exit code 1 if the handler raises.")
@click.option(
    "--persist-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="State directory.  [default: .flarelocal/state beside the config]",
)
@click.option("--url", help="Ask this server instead of looking for one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@on_project
def alarm(
    project: Project,
    class_name: str,
    object: str,
    when: dict[str, int] | None,
    delete: bool,
    run: bool,
    persist_to: Path | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Show the alarm of an object, set it, delete it or run it.

    Without a server, --run runs the handler in a Worker of its own on the same state.
    """
    if sum((when is not None, delete, run)) > 1:
        raise click.UsageError("--set, --delete and --run exclude each other: choose one")
    state = persist_to or (Path() if url else state_of(project.config))
    server = url or running_server(state)

    async def work(objects: Objects) -> Any:
        if run:
            return await objects.of(class_name, object, "POST", "alarm/run")
        if delete:
            return await objects.of(class_name, object, "DELETE", "alarm")
        if when is not None:
            return await objects.of(class_name, object, "PUT", "alarm", when)
        return {"alarm": (await objects.of(class_name, object, "GET"))["alarm"]}

    async def from_outside() -> Any:
        if server is not None:
            return await work(Objects(over_http(server, patience_s=None)))
        async with reach(state, None, at_home) as ask:
            return await work(Objects(ask))

    async def within(emulator: Emulator) -> Any:
        from flarelocal.server.objects.api import ObjectsApi

        return await work(Objects(asking(ObjectsApi(emulator.namespaces, emulator.run_alarm))))

    alone = run and server is None
    found = project.run(within, state) if alone else asyncio.run(from_outside())
    Display(as_json).done(found, _text(found))
    raise SystemExit(found.get("outcome", "ok") != "ok")


def _text(found: Any) -> str:
    next = "No alarm is set." if found["alarm"] is None else f"Alarm: {utc(found['alarm'])}"
    if "outcome" not in found:
        return next
    error = found.get("error")
    return f"{found['outcome']}: {error}\n{next}" if error else f"{found['outcome']}\n{next}"
