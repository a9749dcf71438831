"""The banner of `flarelocal dev`."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from flarelocal import __version__
from flarelocal.clock.zone import local_zone
from flarelocal.terminal.style import Style

if TYPE_CHECKING:
    from flarelocal.config import WorkerConfig
    from flarelocal.config.queues import QueueConsumer
    from flarelocal.emulator import Deployment, Emulator

__all__ = ["render"]

_Row = tuple[str, str, str]

_GAP = "  "
_NARROWEST = 20
_DAY_MS = 86_400_000


def render(emulator: Emulator, url: str, style: Style) -> str:
    """The banner as text: versions, bindings, triggers and the URL."""
    workers = emulator.workers
    lines = ["", f"{style.bold('flarelocal')} {__version__} · {', '.join(workers)}"]
    for worker in workers.values():
        if len(workers) > 1:
            routes = ", ".join(route.pattern for route in worker.config.routes)
            lines += ["", style.bold(worker.name) + (f" · {routes}" if routes else "")]
        lines += _worker(worker, emulator, style)
    lines += ["", f"{style.bold('Ready on')} {style.cyan(url)}", ""]
    return "\n".join(lines)


def _worker(worker: Deployment, emulator: Emulator, style: Style) -> Iterator[str]:
    program = worker.program
    python, deployed = (
        ".".join(map(str, version[:2])) for version in (sys.version_info, program.profile.python)
    )
    yield style.dim(
        f"Python {python} with the rules of Pyodide {program.profile.version}"
        f" · workers-runtime-sdk {program.sdk.version}"
    )
    if python != deployed:
        yield style.yellow(
            f"Deployed, this Worker runs on Python {deployed}: use that version here, too."
        )
    for head, rows in (
        (("Binding", "Type", "Resource"), list(_bindings(worker, emulator.workers))),
        (("Trigger", "", "When"), [*_crons(worker, emulator), *_consumers(worker.config)]),
    ):
        if rows:
            yield ""
            yield from _table(head, rows, style)


def _table(head: _Row, rows: list[_Row], style: Style) -> Iterator[str]:
    """The rows below their heads, wrapped in the last column where there is a terminal."""
    first, second = (max(len(row[column]) for row in [head, *rows]) for column in (0, 1))
    indent = first + second + 2 * len(_GAP)
    columns = shutil.get_terminal_size().columns if style.coloured else sys.maxsize
    width = max(columns - indent, _NARROWEST)
    for row in [head, *rows]:
        left = f"{row[0]:{first}}{_GAP}{row[1]:{second}}{_GAP}"
        wrapped = textwrap.wrap(row[2], width, break_on_hyphens=False)
        shown = f"\n{' ' * indent}".join(wrapped)
        text = (left + shown).rstrip()
        yield style.dim(text) if row is head else text


def _bindings(worker: Deployment, workers: Collection[str]) -> Iterator[_Row]:
    config = worker.config
    for producer in config.queues.producers:
        yield f"env.{producer.binding}", "Queue", producer.queue
    for binding in config.durable_objects.bindings:
        of = f" of {_peer(binding.script_name, workers)}" if binding.script_name else ""
        yield f"env.{binding.name}", "Durable Object", binding.class_name + of
    for namespace in config.kv_namespaces:
        yield f"env.{namespace.binding}", "KV Namespace", namespace.id
    for database in config.d1_databases:
        yield f"env.{database.binding}", "D1 Database", database.database_name or ""
    for bucket in config.r2_buckets:
        yield f"env.{bucket.binding}", "R2 Bucket", bucket.bucket_name
    for dataset in config.analytics_engine_datasets:
        yield f"env.{dataset.binding}", "Analytics Engine Dataset", dataset.dataset
    for limit in config.ratelimits:
        yield f"env.{limit.binding}", "Rate Limit", f"{limit.limit} in {limit.period} s"
    for secret in config.secrets_store_secrets:
        yield f"env.{secret.binding}", "Secrets Store Secret", secret.secret_name
    for hyperdrive in config.hyperdrive:
        yield f"env.{hyperdrive.binding}", "Hyperdrive Config", hyperdrive.id
    for sender in config.send_email:
        yield f"env.{sender.binding}", "Send Email", "kept in the journal"
    if config.version_metadata:
        yield f"env.{config.version_metadata}", "Worker Version Metadata", ""
    for service in config.services:
        entrypoint = f"#{service.entrypoint}" if service.entrypoint else ""
        yield f"env.{service.binding}", "Worker", _peer(service.service, workers, entrypoint)
    if config.assets and config.assets.binding:
        yield f"env.{config.assets.binding}", "Assets", config.assets.directory.name
    for other in config.unsupported:
        yield (
            f"env.{other.binding}",
            other.type,
            config.own.bindings.get(other.binding, "not emulated"),
        )
    for name, value in config.shown_vars().items():
        yield f"env.{name}", "Variable", value


def _peer(name: str, workers: Collection[str], entrypoint: str = "") -> str:
    return f"{name}{entrypoint} [{'connected' if name in workers else 'not connected'}]"


def _crons(worker: Deployment, emulator: Emulator) -> Iterator[_Row]:
    now = emulator.clock.now()
    off = "" if worker.fires_crons else " (off: --no-crons)"
    for run in worker.next_runs():
        yield "cron", run.cron, "never" if run.at is None else f"next {_moment(run.at, now)}{off}"


def _moment(at_ms: int, now_ms: int) -> str:
    moment = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    local = moment.astimezone(local_zone())
    form = "%H:%M" if at_ms - now_ms < _DAY_MS else "%a %d %b %H:%M"
    shown = f"{moment.strftime(form)} UTC"
    return f"{shown}, {local.strftime(form)} local" if local.utcoffset() else shown


def _consumers(config: WorkerConfig) -> Iterable[_Row]:
    return [("queue", consumer.queue, _settings(consumer)) for consumer in config.queues.consumers]


def _settings(consumer: QueueConsumer) -> str:
    dead = consumer.dead_letter_queue
    return (
        f"batches of {consumer.max_batch_size} or {consumer.max_batch_timeout:g} s, "
        f"{consumer.max_retries} retries, then {dead or 'dropped'}"
    )
