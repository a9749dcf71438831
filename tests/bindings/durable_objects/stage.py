"""An emulator whose Worker is written in the test, in values of JavaScript."""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from flarelocal.bindings.rpc import RpcTarget
from flarelocal.clock import VirtualClock
from flarelocal.config import load_config
from flarelocal.emulator import Emulator, Program
from flarelocal.javascript.errors import JsError, throw
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.worker.code import Instance, ReceiverError
from flarelocal.worker.invocation import Invocation

CONFIG = {
    "name": "stage",
    "main": "worker.py",
    "compatibility_date": "2026-11-17",
    "compatibility_flags": ["python_workers"],
    "durable_objects": {
        "bindings": [
            {"name": "OBJECTS", "class_name": "Object"},
            {"name": "OLD", "class_name": "Old"},
        ]
    },
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Object"], "new_classes": ["Old"]}],
}

Event = Callable[[HostObject], Awaitable[Value]]
"""What happens in an event, as a function of `ctx`."""


class Tally(RpcTarget):
    """Counts."""

    __slots__ = ("_value",)

    def __init__(self) -> None:
        self._value = 0

    @method
    def add(self, by: Value = 1) -> int:
        self._value += by
        return self._value

    @getter
    def value(self) -> int:
        return self._value


class Object(HostObject):
    """The Durable Object: `run` does what the test says."""

    __slots__ = ("ctx", "events")

    def __init__(self, ctx: HostObject, events: dict[str, Event]) -> None:
        self.ctx = ctx
        self.events = events

    @method
    async def run(self, name: str) -> Value:
        return await self.events[name](self.ctx)

    @method
    def echo(self, value: Value = None) -> Value:
        return value

    @method
    def tally(self) -> Tally:
        return Tally()

    @method
    async def apply(self, function: Callable[..., Value], argument: Value) -> Value:
        return await settle(function(argument))

    @method
    def fail(self, name: str) -> None:
        raise JsError("it failed", name=name, properties={"code": 7})

    @method
    def throw(self, value: Value = None) -> None:
        throw(value)

    @getter
    def table(self) -> Value:
        return {"a": {"b": 1}, "double": lambda number: number * 2}


class Code:
    """The main module."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def names(self, kind: str) -> list[str]:
        return []

    def exports(self, entrypoint: str | None, handler: str) -> bool:
        return True

    def construct(self, entrypoint: str | None, context: HostObject) -> Instance:
        if entrypoint is None:
            return Members(Default(context, self._stage.events))
        self._stage.constructing(context)
        return Members(Object(context, self._stage.events))


class Default(HostObject):
    """The entrypoint: `fetch` does what the test says."""

    __slots__ = ("ctx", "events")

    def __init__(self, ctx: HostObject, events: dict[str, Event]) -> None:
        self.ctx = ctx
        self.events = events

    @method
    async def fetch(self, request: Request, *_: Value) -> Response:
        await self.events[request.url.rpartition("/")[2]](self.ctx)
        return Response("done")


class Members:
    """A class of JavaScript: its members are there to be called."""

    def __init__(self, receiver: HostObject) -> None:
        self._receiver = receiver

    def has(self, method: str) -> bool:
        return method in self._receiver.members

    def call(self, method: str, arguments: list[Value]) -> Value:
        found = self.get(method)
        if not callable(found):
            raise ReceiverError(f'"{method}" is not a function.')
        return found(*arguments)

    def get(self, name: str) -> Value:
        return read(self._receiver, name) if self.has(name) else self._missing(name)

    def _missing(self, name: str) -> Value:
        raise ReceiverError.missing(name)


class StageProgram(Program):
    """A program whose code is the stage's."""

    stage: Stage

    async def load(self, invocation: Invocation) -> None:
        self.code = Code(self.stage)


class Stage:
    """The Worker under test.

    Attributes:
        constructing: called with `ctx` where an object is constructed.
    """

    def __init__(self, directory: Path) -> None:
        self.events: dict[str, Event] = {}
        self.constructing: Callable[[HostObject], object] = lambda ctx: None
        self._numbers = itertools.count()
        (directory / "worker.py").touch()
        path = directory / "wrangler.json"
        path.write_text(json.dumps(CONFIG), "utf-8")
        self.program = StageProgram(load_config(path, process_env={}).config)
        self.program.stage = self
        self.emulator = Emulator(self.program, clock=VirtualClock(), seed=1, crons=False)

    def stub(self, name: str = "a", binding: str = "OBJECTS") -> HostObject:
        """A new stub of the object with that name."""
        return cast(HostObject, call(self.program.scope.env[binding], "getByName", name))

    async def inside(self, event: Event, *, binding: str = "OBJECTS") -> Any:
        """Run an event in the object called `a`."""
        return await call(self.stub(binding=binding), "run", self._named(event))

    async def worker(self, event: Event) -> None:
        """Run an event in the Worker."""
        await self.emulator.fetch(Request(f"http://x/{self._named(event)}"))

    def _named(self, event: Event) -> str:
        name = f"event-{next(self._numbers)}"
        self.events[name] = event
        return name


def read(value: Value, name: str) -> Any:
    """`value[name]`."""
    if isinstance(value, HostObject) and name in value.members:
        member = value.members[name]
        if member.kind == "getter":
            return member.function(value)
        return lambda *arguments: member.function(value, *arguments)
    if isinstance(value, dict):
        return value.get(name)
    return value.dynamic_property(name)


def call(value: Value, name: str, *arguments: Value) -> Any:
    """`value[name](…)`."""
    return read(value, name)(*arguments)


async def refusal(pending: Callable[[], Any]) -> JsError:
    """The error of a call, thrown or rejected."""
    with pytest.raises(JsError) as caught:
        await settle(pending())
    return caught.value
