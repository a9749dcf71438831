"""`flare.durable_objects`: Durable Objects, from outside and from inside."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from flarelocal.durable_objects import AlarmOutcome, Namespace, ObjectId
from flarelocal.emulator import Emulator
from flarelocal.emulator.object_classes import ObjectClass
from flarelocal.pyodide.boundary import to_python
from flarelocal.testing.clock import moment
from flarelocal.testing.failures import Failures
from flarelocal.testing.pace import Pace

__all__ = ["DurableObjects", "ObjectHandle", "ObjectNamespace"]


class DurableObjects(Mapping[str, "ObjectNamespace"]):
    """The namespaces by the names of their bindings, or of their classes."""

    def __init__(self, emulator: Emulator, env: Any, pace: Pace, failures: Failures) -> None:
        self._emulator = emulator
        self._env = env
        self._pace = pace
        self._failures = failures

    def __getitem__(self, name: str) -> ObjectNamespace:
        for binding in self._emulator.config.durable_objects.bindings:
            script = binding.script_name or self._emulator.primary.name
            if name in (binding.name, binding.class_name) and script in self._emulator.workers:
                found = self._emulator.workers[script].objects[binding.class_name]
                stubs = getattr(self._env, binding.name)
                return ObjectNamespace(self._emulator, found, stubs, self._pace, self._failures)
        raise KeyError(f"{name}: no such binding; there are {', '.join(self) or 'none'}")

    def __iter__(self) -> Iterator[str]:
        return iter([each.name for each in self._emulator.config.durable_objects.bindings])

    def __len__(self) -> int:
        return len(self._emulator.config.durable_objects.bindings)


class ObjectNamespace:
    """The objects of one class."""

    def __init__(
        self,
        emulator: Emulator,
        found: ObjectClass,
        stubs: Any,
        pace: Pace,
        failures: Failures,
    ) -> None:
        self._emulator = emulator
        self._class = found
        self._stubs = stubs
        self._pace = pace
        self._failures = failures

    def get_by_name(self, name: str) -> ObjectHandle:
        """The object with a name; it comes to life when it is used."""
        return self._handle(self._class.namespace.ids.from_name(name))

    def get(self, id: str | Any) -> ObjectHandle:
        """The object with an id: 64 hexadecimal digits, or what a stub or `ids` gives.

        Raises:
            DurableObjectError: the id is none of this class.
        """
        return self._handle(self._class.namespace.ids.from_string(str(id)))

    def ids(self) -> list[str]:
        """The ids of all objects that stored something or are in memory."""
        return [info.id.hex for info in self._class.namespace.list()]

    def _handle(self, id: ObjectId) -> ObjectHandle:
        stub = self._stubs.get(self._stubs.idFromString(id.hex))
        if id.name is not None:
            stub = self._stubs.get(self._stubs.idFromName(id.name))
        return ObjectHandle(self._emulator, self._class, id, stub, self._pace, self._failures)


class ObjectHandle:
    """One object.

    Attributes:
        id: 64 hexadecimal digits.
        name: if it was asked for by name.
        stub: as the Worker has it: its methods are calls.
    """

    def __init__(
        self,
        emulator: Emulator,
        found: ObjectClass,
        id: ObjectId,
        stub: Any,
        pace: Pace,
        failures: Failures,
    ) -> None:
        self.id = id.hex
        self.name = id.name
        self.stub = stub
        self._emulator = emulator
        self._class = found
        self._id = id
        self._pace = pace
        self._failures = failures

    @property
    def instance(self) -> Inside:
        """The instance itself: `await it`, or `await it(lambda counter: counter.value)`.

        A function runs as an event of the object and may be async; it begins the object if need
        be.
        """
        return Inside(lambda use: self.visit(lambda instance, state: use(instance)))

    @property
    def storage(self) -> Storage:
        """`ctx.storage` of the object: `await it.get("key")`, `await it.put("key", value)`."""
        return Storage(lambda use: self.visit(lambda instance, state: use(state)))

    @property
    def alarm(self) -> datetime | None:
        """When its alarm fires next, retries included."""
        at = self._namespace.alarms.next_of(self._id)
        return None if at is None else moment(at)

    @property
    def running(self) -> bool:
        """Whether it is in memory."""
        return self._namespace.describe(self._id).running

    async def run_alarm(self) -> AlarmOutcome | None:
        """Have its alarm ring now; None if none is set.

        A failure does not fail the test; its `reason` tells of it.
        """
        outcome = await self._pace.carry(self._emulator.run_alarm(self._namespace, self._id))
        if outcome is not None and outcome.reason is not None:
            name = self._id.name or self._id.hex[:8]
            self._failures.forgive("alarm", f"{self._namespace.class_name}({name})")
        return outcome

    async def evict(self, *, web_sockets: Literal["hibernate", "close"] = "hibernate") -> None:
        """Take it out of memory as soon as nothing goes on in it; what it stored stays.

        Args:
            web_sockets: what becomes of those that it accepted with `ctx.acceptWebSocket`.

        Raises:
            DurableObjectError: it is not in memory, or something went on in it for 30 s.
        """
        disconnect = web_sockets == "close"
        await self._pace.carry(self._namespace.evict(self._id, disconnect=disconnect))

    def abort(self, reason: str) -> None:
        """Destroy it, if it is in memory: what is not durable is undone, callers get an error."""
        self._namespace.reset(self._id, reason)

    @property
    def _namespace(self) -> Namespace:
        return self._class.namespace

    async def visit(self, use: Callable[[Any, Any], Any]) -> Any:
        """Do something with the instance and its `ctx`, as an event of the object."""

        async def visit() -> Any:
            return await self._class.calls.visit(
                self._namespace.get(self._id),
                lambda code, state: use(getattr(code, "instance", code), to_python(state)),
            )

        return await self._pace.carry(visit())


class Inside:
    """Leads to the instance of an object."""

    def __init__(self, visit: Callable[[Callable[[Any], Any]], Awaitable[Any]]) -> None:
        self._visit = visit

    def __await__(self) -> Generator[Any, None, Any]:
        return self._visit(lambda instance: instance).__await__()

    async def __call__(self, use: Callable[[Any], Any]) -> Any:
        """Do something with the instance, as an event of the object."""
        return await self._visit(use)


class Storage:
    """The storage of an object, whose methods run as events of the object."""

    def __init__(self, visit: Callable[[Callable[[Any], Any]], Awaitable[Any]]) -> None:
        self._visit = visit

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any) -> Any:
            return await self._visit(lambda state: _call(state.storage, name, arguments))

        return call

    async def sql(self, query: str, *bindings: Any) -> list[dict[str, Any]]:
        """Run a query of SQL; gives the rows."""
        rows: list[dict[str, Any]] = await self._visit(
            lambda state: _plain(state.storage.sql.exec(query, *bindings).toArray())
        )
        return rows


async def _call(owner: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    import workers

    result = getattr(owner, name)(*map(workers.python_to_rpc, arguments))
    return _plain(await result if inspect.isawaitable(result) else result)


def _plain(value: Any) -> Any:
    import workers

    return None if value is None else workers.python_from_rpc(value)
