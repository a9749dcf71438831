"""The functions of `cloudflare:test`, by their names in Python.

Source of names and meanings: Cloudflare docs, "Test APIs" of the Vitest integration. They work in
tests that take the fixture `flare`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.bindings.queue_batch import QueueController
from flarelocal.bindings.scheduled_controller import ScheduledController
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.proxy import js_value
from flarelocal.testing.clock import Time, instant_ms
from flarelocal.testing.flare import Flare
from flarelocal.testing.messages import QueueResult
from flarelocal.testing.objects import ObjectHandle, ObjectNamespace

__all__ = [
    "D1Migration",
    "abort_all_durable_objects",
    "apply_d1_migrations",
    "create_execution_context",
    "create_message_batch",
    "create_scheduled_controller",
    "evict_all_durable_objects",
    "evict_durable_object",
    "get_queue_result",
    "list_durable_object_ids",
    "read_d1_migrations",
    "reset",
    "run_durable_object_alarm",
    "run_in_durable_object",
    "wait_on_execution_context",
]


def create_execution_context() -> Any:
    """A `ctx`, for an entrypoint that the test constructs itself: `Default(ctx, env)`."""
    return to_python(ExecutionContext(Flare.current().new_invocation()))


async def wait_on_execution_context(ctx: Any) -> None:
    """Wait for all that `ctx.waitUntil` was given.

    Raises:
        Exception: the first error among it.
    """
    invocation = _expect(ctx, ExecutionContext, "create_execution_context")._invocation
    await Flare.current().wait_for(invocation.drained())
    if invocation.failure is not None:
        raise invocation.failure


def create_message_batch(queue: str, messages: Iterable[Any]) -> Any:
    """The `batch` of a `queue` handler.

    Args:
        messages: bodies, or `QueueMessage` where more than the body matters.
    """
    return to_python(QueueController(Flare.current().batch(queue, messages)))


async def get_queue_result(batch: Any, ctx: Any) -> QueueResult:
    """What a handler decided about a batch, once all that `ctx.waitUntil` was given is done."""
    controller = _expect(batch, QueueController, "create_message_batch")
    await wait_on_execution_context(ctx)
    return QueueResult.of(controller.verdict("ok"))


def create_scheduled_controller(*, cron: str = "", scheduled_time: Time | None = None) -> Any:
    """The `controller` of a `scheduled` handler.

    Args:
        scheduled_time: default: now.
    """
    flare = Flare.current()
    at = flare.clock.now_ms if scheduled_time is None else instant_ms(scheduled_time)
    return to_python(ScheduledController(cron, at))


async def run_in_durable_object(stub: Any, callback: Callable[[Any, Any], Any]) -> Any:
    """Call `callback(instance, state)` inside the object; gives what it gives.

    Args:
        callback: may be async.
    """
    return await _handle(stub).visit(callback)


async def run_durable_object_alarm(stub: Any) -> bool:
    """Run the alarm of the object now; False if none is set."""
    outcome = await _handle(stub).run_alarm()
    return outcome is not None and outcome.ran


async def evict_durable_object(
    stub: Any, *, web_sockets: Literal["hibernate", "close"] = "hibernate"
) -> None:
    """Take the object out of memory; what it stored stays.

    Args:
        web_sockets: what becomes of those that it accepted with `ctx.acceptWebSocket`.

    Raises:
        DurableObjectError: it is not in memory, or something went on in it for 30 s.
    """
    await _handle(stub).evict(web_sockets=web_sockets)


async def evict_all_durable_objects(
    *, web_sockets: Literal["hibernate", "close"] = "hibernate"
) -> None:
    """Take all objects out of memory; what they stored stays."""
    for handle in _running():
        await handle.evict(web_sockets=web_sockets)


async def abort_all_durable_objects() -> None:
    """Destroy all objects that are in memory, with what goes on in them; what they stored stays."""
    for handle in _running():
        handle.abort("Application called abortAllDurableObjects().")


def _running() -> list[ObjectHandle]:
    namespaces = Flare.current().durable_objects.values()
    handles = [namespace.get(id) for namespace in namespaces for id in namespace.ids()]
    return [handle for handle in handles if handle.running]


async def list_durable_object_ids(namespace: Any) -> list[Any]:
    """The ids of all objects of a namespace, such as `env.COUNTER`."""
    found = _namespace_of(str(namespace.idFromName("any").toString()))
    return [namespace.idFromString(id) for id in found.ids()]


async def reset() -> None:
    """Delete the data of all bindings."""
    await Flare.current().reset()


@dataclass(frozen=True, slots=True)
class D1Migration:
    """A migration of a D1 database.

    Attributes:
        name: of its file.
        queries: the statements of SQL.
    """

    name: str
    queries: tuple[str, ...]


def read_d1_migrations(directory: Path | str) -> list[D1Migration]:
    """The migrations of a directory of `.sql` files, in the order of their names."""
    files = sorted(Path(directory).glob("*.sql"))
    return [D1Migration(file.name, tuple(_statements(file.read_text("utf-8")))) for file in files]


async def apply_d1_migrations(
    db: Any, migrations: Iterable[D1Migration], table: str = "d1_migrations"
) -> None:
    """Apply the migrations that a D1 database has not had yet.

    Args:
        db: the binding, such as `env.DB`.
        table: remembers those that were applied.
    """
    name = '"' + table.replace('"', '""') + '"'
    await db.prepare(
        f"CREATE TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)"
    ).run()
    found = await db.prepare(f"SELECT name FROM {name}").all()
    applied = {row["name"] for row in found["results"]}
    for migration in migrations:
        if migration.name not in applied:
            done = db.prepare(f"INSERT INTO {name} (name) VALUES (?)").bind(migration.name)
            await db.batch([*map(db.prepare, migration.queries), done])


def _statements(script: str) -> Iterable[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement.strip()


def _expect(value: Any, kind: type[Any], maker: str) -> Any:
    found = js_value(value)
    if not isinstance(found, kind):
        raise TypeError(f"{value!r} comes from elsewhere: make it with {maker}()")
    return found


def _handle(stub: Any) -> ObjectHandle:
    return _namespace_of(str(stub.id.toString())).get(str(stub.id.toString()))


def _namespace_of(id: str) -> ObjectNamespace:
    for namespace in Flare.current().durable_objects.values():
        try:
            namespace.get(id)
        except DurableObjectError:
            continue
        return namespace
    raise KeyError(f"{id}: no object of this Worker")
