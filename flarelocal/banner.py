"""The banner of `flarelocal dev`."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flarelocal import __version__

if TYPE_CHECKING:
    from flarelocal.config import WorkerConfig
    from flarelocal.emulator import Emulator

__all__ = ["render"]

_LONGEST_VALUE = 40


def render(emulator: Emulator, url: str, *, coloured: bool) -> str:
    """The banner as text: versions, bindings, triggers and the URL."""
    console = Console(
        file=io.StringIO(), force_terminal=coloured, width=None if coloured else 80, highlight=False
    )
    config = emulator.config
    python = ".".join(map(str, sys.version_info[:2]))
    console.print()
    console.print(
        Text.assemble(
            ("flarelocal ", "bold"),
            f"{__version__} · {config.name} · Python {python} as Pyodide "
            f"{emulator.profile.version} · SDK {emulator.sdk.version}",
        )
    )
    console.print()
    bindings = _table("Binding", "Resource", "Value")
    for row in _bindings(config):
        bindings.add_row(*row)
    console.print(bindings if bindings.row_count else "No bindings found.")
    triggers = _table("Trigger", "", "When")
    for row in [*_crons(emulator), *_consumers(config)]:
        triggers.add_row(*row)
    if triggers.row_count:
        console.print()
        console.print(triggers)
    console.print()
    console.print(Text.assemble(("Ready on ", "bold"), (url, "bold cyan")))
    output = console.file
    assert isinstance(output, io.StringIO)
    return "\n".join(line.rstrip() for line in output.getvalue().split("\n")).rstrip("\n") + "\n"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _bindings(config: WorkerConfig) -> Iterator[tuple[str, str, str]]:
    for producer in config.queues.producers:
        yield f"env.{producer.binding}", "Queue", producer.queue
    for binding in config.durable_objects.bindings:
        yield f"env.{binding.name}", "Durable Object", binding.class_name
    for namespace in config.kv_namespaces:
        yield f"env.{namespace.binding}", "KV Namespace", namespace.id
    for service in config.services:
        yield f"env.{service.binding}", "Worker", service.service
    if config.assets and config.assets.binding:
        yield f"env.{config.assets.binding}", "Assets", config.assets.directory.name
    for other in config.unsupported:
        yield f"env.{other.binding}", other.type, "not emulated"
    for name, value in config.vars.items():
        hidden = name in config.secrets
        shown = "(hidden)" if hidden else repr(value)
        if len(shown) > _LONGEST_VALUE:
            shown = shown[: _LONGEST_VALUE - 1] + "…"
        yield f"env.{name}", "Environment Variable", shown


def _crons(emulator: Emulator) -> Iterator[tuple[str, str, str]]:
    now = emulator.clock.now()
    for run in emulator.next_runs():
        if run.at is None:
            yield "cron", run.cron, "never"
            continue
        moment = dt.datetime.fromtimestamp(run.at / 1000, dt.UTC)
        local = moment.astimezone()
        form = "%H:%M" if run.at - now < 86_400_000 else "%a %d %b %H:%M"
        when = f"next {moment.strftime(form)} UTC, {local.strftime(form)} local"
        yield "cron", run.cron, when if emulator.fires_crons else f"{when} (off: --no-crons)"


def _consumers(config: WorkerConfig) -> Iterator[tuple[str, str, str]]:
    for consumer in config.queues.consumers:
        parts = [
            f"up to {consumer.max_batch_size} after {consumer.max_batch_timeout} s",
            f"{consumer.max_retries} retries",
        ]
        if consumer.dead_letter_queue:
            parts.append(f"then {consumer.dead_letter_queue}")
        yield "queue", consumer.queue, ", ".join(parts)
