"""The class `Rpc` of the fixture worker, and what it hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from flarelocal.bindings.rpc import RpcTarget
from flarelocal.javascript.errors import JsError, throw
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.promise import settle
from flarelocal.javascript.text import class_name, to_string, typeof
from flarelocal.javascript.values import Value, null
from tests.conformance.realm import call, property_of

if TYPE_CHECKING:
    from tests.conformance.fixture import Fixture

__all__ = ["Counter", "Rpc"]


class Counter(RpcTarget):
    """Counts."""

    __slots__ = ("_value",)

    def __init__(self, start: int) -> None:
        self._value = start
        self.expando = {"own": 1}

    @method
    def increment(self, by: Value = None) -> int:
        self._value += 1 if by is None else by
        return self._value

    @getter
    def value(self) -> int:
        return self._value

    @method
    def fail(self) -> NoReturn:
        raise JsError("counter failed", name="RangeError")


class Point(Instance):
    """An instance of an ordinary class."""


class CustomError(JsError):
    """An error of a subclass of Error."""


class Rpc(HostObject):
    """The methods that the vectors call by RPC."""

    __slots__ = ("_calls", "_ctx", "_fixture")

    def __init__(self, fixture: Fixture, ctx: HostObject) -> None:
        self._fixture = fixture
        self._ctx = ctx
        self._calls = 0
        self.expando = {"own": 1, "ownMethod": lambda: 1}

    @method
    def echo(self, value: Value = None) -> Value:
        return value

    @method
    async def echo_async(self, value: Value = None) -> Value:
        return value

    @method
    def args(self, *arguments: Value) -> Value:
        return list(arguments)

    @method
    def count(self, *arguments: Value) -> int:
        return len(arguments)

    @method
    def type_of(self, value: Value = None) -> str:
        if value is null:
            return "null"
        return "array" if isinstance(value, list) else typeof(value)

    @method
    def class_of(self, value: Value = None) -> str | None:
        return class_name(value)

    @method
    def nothing(self) -> None:
        """Returns nothing."""

    @method
    def call(self) -> int:
        self._calls += 1
        return self._calls

    @getter
    def greeting(self) -> str:
        return "hello"

    @getter
    def table(self) -> Value:
        return {"a": 1, "b": {"c": 2}, "f": lambda number: number * 2}

    @getter
    def failing(self) -> NoReturn:
        raise JsError("getter failed", name="TypeError")

    @method(name="_underscore")
    def underscore(self) -> str:
        return "underscore"

    @method
    def reveal(self) -> str:
        return self._hidden()

    def _hidden(self) -> str:
        return "private"

    @method
    def fail(self, name: Value, message: Value) -> NoReturn:
        raise JsError(message, name=name)

    @method
    async def fail_async(self, name: Value, message: Value) -> NoReturn:
        raise JsError(message, name=name)

    @method
    def fail_custom(self, message: Value) -> NoReturn:
        raise CustomError(message, name="CustomError", properties={"code": 42})

    @method
    def fail_cause(self, message: Value) -> NoReturn:
        raise JsError(message, cause=JsError("the cause", name="TypeError"))

    @method
    def fail_value(self, value: Value = None) -> NoReturn:
        throw(value)

    @method
    def counter(self, start: Value = 0) -> Counter:
        return Counter(start)

    @method
    def pair(self) -> Value:
        return {"left": Counter(1), "right": Counter(10)}

    @method
    def point(self) -> Point:
        return Point({"x": 1})

    @method
    def adder(self, number: Value) -> Value:
        return lambda other: number + other if typeof(other) == "number" else f"{number}{other}"

    @method
    async def apply(self, function: Value, *arguments: Value) -> Value:
        return await settle(call(function, list(arguments), "f"))

    @method
    async def apply_twice(self, function: Value) -> Value:
        return [await settle(call(function, [number], "f")) for number in (1, 2)]

    @method
    async def increment_twice(self, counter: Value) -> Value:
        increment = property_of(counter, "increment")
        await settle(call(increment, [], "increment"))
        return await settle(call(increment, [], "increment"))

    @method
    def request(self, request: Value) -> str:
        return f"{property_of(request, 'method')} {property_of(request, 'url')}"

    @method
    def response(self) -> Value:
        options = {"status": 201, "headers": {"x-a": "b"}}
        return self._fixture.realm.new("Response", "body", options)

    @method
    def stream(self) -> Value:
        return property_of(self._fixture.realm.new("Response", "streamed"), "body")

    @method
    async def read_stream(self, stream: Value) -> Value:
        response = self._fixture.realm.new("Response", stream)
        return await settle(call(property_of(response, "text"), [], "text"))

    @method
    def name_seen(self) -> Value:
        return property_of(property_of(self._ctx, "id"), "name")

    @method
    def id_string(self) -> str:
        return to_string(property_of(self._ctx, "id"))

    @method
    def abort(self, reason: Value = None) -> None:
        property_of(self._ctx, "abort")(reason)

    @method
    def big(self, count: Value) -> str:
        return "x" * int(count)

    @method
    async def slow(self, ms: Value, value: Value = None) -> Value:
        await self._fixture.clock.sleep(ms)
        return value

    @method
    def fetch(self, request: Value = None) -> Value:
        path = property_of(request, "url").split("/", 3)[3]
        return self._fixture.realm.new("Response", f"rpc /{path}")
