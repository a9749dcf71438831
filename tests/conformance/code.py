"""The fixture worker as code that flarelocal can load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.worker.code import Instance, ReceiverError
from tests.conformance.fixture import Fixture, script_of
from tests.conformance.realm import call, property_of
from tests.conformance.rpc_fixture import Rpc
from tests.conformance.steps import Script

__all__ = ["FixtureCode"]


class FixtureCode:
    """The main module: handlers, and classes of Durable Objects."""

    def __init__(self, fixture: Fixture) -> None:
        self._fixture = fixture

    def names(self, kind: str) -> list[str]:
        return [*_CLASSES] if kind == "DurableObject" else []

    def exports(self, entrypoint: str | None, handler: str) -> bool:
        return handler == "fetch" or handler in self._fixture.case.handlers

    def construct(self, entrypoint: str | None, context: HostObject) -> Instance:
        if entrypoint is None:
            return _Handlers(self._fixture, context)
        if entrypoint not in _CLASSES:
            raise type_error(f"There is no class {entrypoint}")
        return _CLASSES[entrypoint](self._fixture, context)


class _Handlers:
    """The default entrypoint."""

    def __init__(self, fixture: Fixture, context: HostObject) -> None:
        self._fixture = fixture
        self._context = context

    def has(self, method: str) -> bool:
        return method in ("fetch", "queue", "scheduled")

    def call(self, method: str, arguments: list[Value]) -> Value:
        return getattr(self, method)(arguments[0])

    def get(self, name: str) -> Value:
        raise ReceiverError.missing(name)

    async def fetch(self, request: Value) -> Value:
        if self._fixture.waiting:
            await self._fixture.waiting.popleft()(request, self._context)
        path = property_of(request, "url").split("/", 3)[3].partition("?")[0]
        return self._fixture.realm.new("Response", f"fetched /{path}")

    async def queue(self, batch: Value) -> Value:
        return await self._fixture.queue(batch, self._context)

    async def scheduled(self, controller: Value) -> Value:
        return await self._fixture.scheduled(controller, self._context)


class _Scripted:
    """An object that carries out steps and scripts."""

    handlers = frozenset({"run", "fetch", "alarm"})

    def __init__(self, fixture: Fixture, context: HostObject) -> None:
        self._fixture = fixture
        self._name = property_of(property_of(context, "id"), "name")
        self._roots: dict[str, Value] = {
            "ctx": context,
            "storage": property_of(context, "storage"),
            "memory": {},
            "self": {"ctx": context, "env": fixture.env},
        }
        scripts = self._scripts("constructor")
        if scripts is not None:
            fixture.logged_at_once(
                "constructor", self._name, {"object": self._name}, scripts, self._roots
            )

    def has(self, method: str) -> bool:
        return method in self.handlers

    def call(self, method: str, arguments: list[Value]) -> Value:
        if method not in self.handlers:
            raise ReceiverError.missing(method)
        return getattr(self, method)(arguments[0] if arguments else None)

    def get(self, name: str) -> Value:
        if name not in self.handlers:
            raise ReceiverError.missing(name)
        return getattr(self, name)

    async def run(self, token: Value) -> None:
        await self._fixture.perform(token, self._fixture.scene(self._roots))

    async def fetch(self, request: Value) -> Value:
        scripts = self._scripts("fetch")
        if scripts is None:
            path = property_of(request, "url").split("/", 3)[3].partition("?")[0]
            text = f"{property_of(request, 'method')} /{path}"
            options = {"headers": {"x-object": self._name or ""}}
            return self._fixture.realm.new("Response", text, options)
        scene = self._fixture.scene({**self._roots, "request": request})
        return await Script(scene, []).run(script_of(scripts, 0))

    async def alarm(self, info: Value) -> Value:
        told = {name: property_of(info, name) for name in _ALARM_INFO}
        return await self._fixture.logged(
            "alarm",
            self._name,
            {"object": self._name, "info": told},
            self._scripts("alarm"),
            {**self._roots, "info": info},
        )

    def _scripts(self, handler: str) -> Any:
        return self._fixture.case.scripts.get(handler, {}).get(self._name)


_ALARM_INFO = ("scheduledTime", "retryCount", "isRetry")


class _NoAlarm(_Scripted):
    handlers = frozenset({"run", "fetch"})


class _NoFetch(_Scripted):
    handlers = frozenset({"run"})


class _Plain:
    """A class that does not extend DurableObject."""

    def __init__(self, fixture: Fixture, context: HostObject) -> None:
        self._fixture = fixture
        self._name = property_of(property_of(context, "id"), "name")

    def has(self, method: str) -> bool:
        return method in ("fetch", "hello")

    def call(self, method: str, arguments: list[Value]) -> Value:
        if method != "fetch":
            raise ReceiverError(
                "The receiving Durable Object does not support RPC, because its class was not "
                "declared with `extends DurableObject`. In order to enable RPC, make sure your "
                "class extends the special class `DurableObject`, which can be imported from the "
                'module "cloudflare:workers".'
            )
        return self._fixture.realm.new("Response", f"plain {self._name}")

    def get(self, name: str) -> Value:
        return self.call(name, [])


class _RpcInstance:
    """An instance of `Rpc`: its members are those of a class of JavaScript."""

    def __init__(self, fixture: Fixture, context: HostObject) -> None:
        self.receiver = Rpc(fixture, context)

    def has(self, method: str) -> bool:
        return method in self.receiver.members

    def call(self, method: str, arguments: list[Value]) -> Value:
        found = self.get(method)
        if not callable(found):
            raise ReceiverError(f'"{method}" is not a function.')
        return call(found, arguments, method)

    def get(self, name: str) -> Value:
        if name not in self.receiver.members:
            raise ReceiverError.missing(name)
        return property_of(self.receiver, name)


_CLASSES: dict[str, Callable[[Fixture, HostObject], Instance]] = {
    "Scripted": _Scripted,
    "ScriptedKv": _Scripted,
    "NoAlarm": _NoAlarm,
    "NoFetch": _NoFetch,
    "Plain": _Plain,
    "Rpc": _RpcInstance,
}
