"""The steps of one event, script or closure."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flarelocal.clock import Clock
from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, bytes_of
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import JsError, Thrown, throw
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.promise import reason_of, run, settle
from flarelocal.javascript.properties import same_value
from flarelocal.javascript.text import typeof
from flarelocal.javascript.values import Value
from tests.conformance.branches import run_branches
from tests.conformance.realm import Realm, call, construct, property_of, put
from tests.conformance.values import decode, encode, encode_error

if TYPE_CHECKING:
    from tests.conformance.fixture import Fixture

__all__ = ["Outcome", "Scene", "Script", "outcome_of"]

Outcome = dict[str, Any]
Step = dict[str, Any]


def outcome_of(error: BaseException) -> Outcome:
    """The outcome of what was thrown; an error of flarelocal's own shows where it arose."""
    reason = reason_of(error)
    if isinstance(reason, JsError):
        return {"error": encode_error(reason)}
    if isinstance(reason, BaseException):
        return {"failure": "".join(reversed(traceback.format_exception(reason)[-3:]))}
    return {"thrown": encode(reason)}


@dataclass(slots=True)
class Scene:
    """What the steps of an event can reach.

    Attributes:
        roots: the first segments of paths: `env`, `ctx`, ….
        names: what was saved.
    """

    fixture: Fixture
    roots: dict[str, Value]
    names: dict[str, Value] = field(default_factory=dict)

    @property
    def realm(self) -> Realm:
        return self.fixture.realm

    @property
    def clock(self) -> Clock:
        return self.fixture.clock

    def saved(self, name: str) -> Value:
        return self.names[name]

    def at(self, path: str) -> Value:
        first, *rest = path.split(".")
        value = self._root(first)
        for name in rest:
            value = property_of(value, name)
        return value

    def reference(self, path: str) -> tuple[Value, str]:
        """The object that has the last property of the path, and the name of it."""
        parent, _, name = path.rpartition(".")
        return self.at(parent), name

    def function(self, path: str) -> Value:
        """What a call of the path calls."""
        return property_of(*self.reference(path)) if "." in path else self._root(path)

    def kind(self, path: str) -> str:
        """What `typeof` says of the path; `undefined` also where it leads nowhere."""
        try:
            return typeof(self.at(path))
        except (JsError, KeyError):
            return "undefined"

    def now(self) -> int:
        return self.clock.now()

    def later(self, delay_ms: float, path: str, arguments: list[Any]) -> Value:
        async def later() -> Value:
            await self.clock.sleep(delay_ms)
            return await settle(call(self.function(path), decode(arguments, self), path))

        return run(later())

    def counter(self, start: int) -> Value:
        return self.fixture.counter(start)

    def _root(self, name: str) -> Value:
        if name.startswith("$"):
            return self.names[name[1:]]
        return self.roots[name] if name in self.roots else self.realm.get(name)


class _Returned(Exception):
    """A step `return` ended the script."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Script:
    """Carries out steps one after the other.

    Attributes:
        outcomes: what came of each step that was reached.
        returned: whether a step `return` was the end.

    Args:
        sync: nothing may be awaited.
        branch: the script is one of the branches of `parallel`.
    """

    def __init__(
        self, scene: Scene, outcomes: list[Outcome], *, sync: bool = False, branch: bool = False
    ) -> None:
        self._scene = scene
        self._sync = sync
        self._branch = branch
        self.outcomes = outcomes
        self.returned = False

    async def run(self, steps: list[Step]) -> Value:
        """Carry out the steps; gives the value of a `return`.

        Raises:
            JsError, Thrown: a `throw`, or an error of a step that is `uncaught`.
        """
        try:
            for step in steps:
                await self._step(step)
        except _Returned as returned:
            self.returned = True
            return returned.value
        return None

    def run_at_once(self, steps: list[Step]) -> Value:
        """Carry out steps which do not await."""
        running = self.run(steps)
        try:
            running.send(None)
        except StopIteration as finished:
            return finished.value
        running.close()
        raise AssertionError("a synchronous script awaited something")

    async def _step(self, step: Step) -> None:
        kind = next(kind for kind in _KINDS if kind in step)
        try:
            self.outcomes.append(await _KINDS[kind](self, step))
        except (asyncio.CancelledError, _Returned):
            raise
        except Exception as error:
            self.outcomes.append(outcome_of(error))
            if step.get("uncaught") or kind == "throw":
                raise

    def _begun(self, value: Value) -> Value:
        """A promise that goes on by itself."""
        return run(value) if inspect.iscoroutine(value) else value

    async def _wait(self, value: Value) -> Value:
        """`await value`; another branch goes on even if the value is there."""
        if self._sync:
            return value
        value = await settle(value)
        if self._branch:
            await asyncio.sleep(0)
        return value

    def _arguments(self, step: Step) -> list[Value]:
        return [decode(argument, self._scene) for argument in step.get("args", [])]

    async def _result(self, step: Step, value: Value) -> Outcome:
        """The outcome of a step that gave `value`."""
        if step.get("noawait"):
            self._save(step, self._begun(value))
            return {"pending": True}
        value = await self._wait(value)
        if "then" in step:
            name = step["then"]
            value = await self._wait(call(property_of(value, name), [], name))
        if "member" in step:
            value = property_of(value, step["member"])
        return self._shown(step, value)

    def _shown(self, step: Step, value: Value) -> Outcome:
        self._save(step, value)
        if step.get("show") is False:
            return {"value": {"$hidden": True}}
        return {"value": encode(value)}

    def _save(self, step: Step, value: Value) -> None:
        if "save" in step:
            self._scene.names[step["save"]] = value

    async def _call(self, step: Step) -> Outcome:
        path = step["call"]
        result = call(self._scene.function(path), self._arguments(step), path)
        return await self._result(step, result)

    async def _get(self, step: Step) -> Outcome:
        return await self._result(step, self._scene.at(step["get"]))

    async def _set(self, step: Step) -> Outcome:
        owner, name = self._scene.reference(step["set"])
        put(owner, name, decode(step["value"], self._scene))
        return self._shown(step, None)

    async def _new(self, step: Step) -> Outcome:
        kind = self._scene.at(step["new"])
        return self._shown(step, construct(kind, tuple(self._arguments(step))))

    async def _value(self, step: Step) -> Outcome:
        return self._shown(step, decode(step["value"], self._scene))

    async def _typeof(self, step: Step) -> Outcome:
        return self._shown(step, self._scene.kind(step["typeof"]))

    async def _same(self, step: Step) -> Outcome:
        return self._shown(step, same_value(*(decode(v, self._scene) for v in step["same"])))

    async def _iterate(self, step: Step) -> Outcome:
        path = step["iterate"]
        if "args" in step:
            source = call(self._scene.function(path), self._arguments(step), path)
        else:
            source = self._scene.at(path)
        source = await self._wait(source)
        if "then" in step:
            source = await self._wait(call(property_of(source, step["then"]), [], step["then"]))
        limit = step.get("limit")
        members: list[Value] = []
        if _only_asynchronous(source):
            async for member in source.iterate_async():
                if limit == len(members):
                    break
                members.append(member)
        else:
            for member in iterate(source):
                if limit == len(members):
                    break
                members.append(member)
        return self._shown(step, members)

    async def _pluck(self, step: Step) -> Outcome:
        members = self._scene.at(step["pluck"])
        return self._shown(step, [property_of(member, step["key"]) for member in members])

    async def _read(self, step: Step) -> Outcome:
        source = await self._wait(self._scene.at(step["read"]))
        read = property_of(source, "arrayBuffer")
        if read is not None:
            data = bytes_of(await self._wait(call(read, [], "arrayBuffer")))
        else:
            data = b"".join([bytes_of(chunk) async for chunk in source.iterate_async()])
        return self._shown(step, VIEW_TYPES["Uint8Array"](ArrayBuffer.of(data)))

    async def _await(self, step: Step) -> Outcome:
        return await self._result(step, self._scene.names[step["await"]])

    async def _sleep(self, step: Step) -> Outcome:
        wait = property_of(self._scene.realm.get("scheduler"), "wait")
        await settle(call(wait, [step["sleep"]], "scheduler.wait"))
        return self._shown(step, None)

    async def _log(self, step: Step) -> Outcome:
        self._scene.fixture.log.note(encode(decode(step["log"], self._scene)))
        return self._shown(step, None)

    async def _return(self, step: Step) -> Outcome:
        value = decode(step["return"], self._scene)
        self.outcomes.append({"value": encode(value)})
        raise _Returned(value)

    async def _throw(self, step: Step) -> Outcome:
        throw(decode(step["throw"], self._scene))

    async def _within(self, step: Step) -> Outcome:
        outcomes: list[Outcome] = []
        outcome: Outcome = {"steps": outcomes}
        path = step["within"]
        try:
            result = call(self._scene.function(path), [self._closure(step, outcomes)], path)
            if self._sync and not step.get("sync"):
                self._begun(result)
                return outcome | {"pending": True}
            return outcome | await self._result(step, result)
        except (JsError, Thrown) as error:
            return outcome | outcome_of(error)

    def _closure(self, step: Step, outcomes: list[Outcome]) -> Callable[..., Value]:
        script = Script(self._scene, outcomes, sync=step.get("sync", False))

        def begin(arguments: tuple[Value, ...]) -> None:
            if "as" in step:
                self._scene.names[step["as"]] = arguments[0] if arguments else None

        async def closure(*arguments: Value) -> Value:
            begin(arguments)
            return await script.run(step["steps"])

        def at_once(*arguments: Value) -> Value:
            begin(arguments)
            return script.run_at_once(step["steps"])

        return at_once if step.get("sync") else closure

    async def _parallel(self, step: Step) -> Outcome:
        scripts = [Script(self._scene, [], branch=True) for _ in step["parallel"]]
        branches = zip(scripts, step["parallel"], strict=True)
        await run_branches([script.run(steps) for script, steps in branches])
        return {"branches": [script.outcomes for script in scripts]}

    async def _in(self, step: Step) -> Outcome:
        stub = await self._stub(step["in"])
        program = self._scene.fixture.program(step["steps"])
        try:
            await settle(call(property_of(stub, "run"), [program.token], "run"))
        except (JsError, Thrown) as error:
            return program.outcome() | outcome_of(error)
        return program.outcome()

    async def _stub(self, where: str | dict[str, str]) -> Value:
        if isinstance(where, dict) and "stub" in where:
            return self._scene.names[where["stub"]]
        place = where if isinstance(where, dict) else {"binding": "OBJ", "object": where}
        namespace = f"env.{place['binding']}"
        identity = call(self._scene.function(f"{namespace}.idFromName"), [place["object"]], "")
        return call(self._scene.function(f"{namespace}.get"), [identity], f"{namespace}.get")


def _only_asynchronous(source: Value) -> bool:
    if not isinstance(source, HostObject):
        return False
    kind = type(source)
    return kind.iterate is HostObject.iterate and kind.iterate_async is not HostObject.iterate_async


_KINDS: dict[str, Callable[[Script, Step], Awaitable[Outcome]]] = {
    "call": Script._call,
    "get": Script._get,
    "set": Script._set,
    "new": Script._new,
    "typeof": Script._typeof,
    "same": Script._same,
    "iterate": Script._iterate,
    "pluck": Script._pluck,
    "read": Script._read,
    "await": Script._await,
    "sleep": Script._sleep,
    "log": Script._log,
    "return": Script._return,
    "throw": Script._throw,
    "within": Script._within,
    "parallel": Script._parallel,
    "in": Script._in,
    "value": Script._value,
}
"""Each kind of step, by the member that tells it; a step `set` has a `value` as well."""
