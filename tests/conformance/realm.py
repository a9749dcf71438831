"""The global object of the runtime, and the properties of JavaScript values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flarelocal.javascript.assignment import assign
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor, constructor_of, members_of
from flarelocal.javascript.host import HostObject, Member
from flarelocal.javascript.promise import rejected
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.global_scope import GlobalScope

__all__ = ["Method", "Realm", "call", "construct", "property_of", "put"]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the runtime, bound to its object."""

    member: Member
    owner: tuple[Value, ...]

    @property
    def __name__(self) -> str:
        return self.member.name

    def __call__(self, *arguments: Value) -> Value:
        member = self.member
        taken = arguments if member.maximum is None else arguments[: member.maximum]
        missing = (None,) * (member.required - len(taken))
        try:
            return member.function(*self.owner, *taken, *missing)
        except JsError as error:
            if member.promise:
                return rejected(error)
            raise


class Realm:
    """The globals of the runtime."""

    def __init__(self) -> None:
        self._scope = GlobalScope()

    def get(self, name: str) -> Value:
        """A global; undefined where there is none."""
        return self._scope.lookup(name) if name in self._scope else None

    def new(self, name: str, *arguments: Value) -> Value:
        """`new name(…)`."""
        return construct(self.get(name), arguments)


def construct(kind: Value, arguments: tuple[Value, ...]) -> Value:
    """`new kind(…)`."""
    if not isinstance(kind, Constructor):
        raise type_error(f"{to_string(kind)} is not a constructor")
    return kind.construct(*arguments)


def call(function: Value, arguments: list[Value], path: str) -> Value:
    """`function(…)`; the result may be a promise, begun or not."""
    if not callable(function):
        raise type_error(f"{path} is not a function")
    return function(*arguments)


def property_of(value: Value, name: str) -> Value:
    """`value[name]`.

    Raises:
        JsError: TypeError where the value is undefined or null.
    """
    if value is None or value is null:
        what = "null" if value is null else "undefined"
        raise type_error(f"Cannot read properties of {what} (reading '{name}')")
    own = _own(value)
    if name in own:
        return own[name]
    if isinstance(value, str) and name == "length":
        return len(value.encode("utf-16-le")) // 2
    if isinstance(value, list | str) and name.isdigit():
        return value[int(name)] if int(name) < len(value) else None
    if isinstance(value, Foreign):
        return value.property(name)
    if isinstance(value, Constructor):
        static = value.statics.get(name)
        return Method(static, ()) if static else None
    member = members_of(value).get(name)
    if member and member.kind != "static":
        return member.function(value) if member.kind == "getter" else Method(member, (value,))
    if name == "constructor":
        return constructor_of(value)
    if isinstance(value, Iterator) and name == "next":
        return lambda: _next(value)
    dynamic = getattr(value, "dynamic_property", None)
    return dynamic(name) if dynamic else None


def _next(iterator: Iterator[Value]) -> Value:
    for member in iterator:
        return {"done": False, "value": member}
    return {"done": True, "value": None}


def _own(value: Value) -> Mapping[str, Value]:
    if isinstance(value, dict):
        return value
    if isinstance(value, JsError):
        own: dict[str, Any] = {"name": value.name, "message": value.message, "stack": value.stack}
        return own | ({} if value.cause is None else {"cause": value.cause}) | value.properties
    return getattr(value, "expando", None) or {}


def put(value: Value, name: str, member: Value) -> None:
    """`value[name] = member`, as in a module: a property that cannot be set throws."""
    if isinstance(value, list) and name.isdigit():
        value[int(name)] = member
        return
    if isinstance(value, HostObject):
        known = value.members.get(name)
        if known and known.kind == "getter" and not known.setter:
            of = f"#<{value.js_name}>"
            raise type_error(
                f"Cannot assign to read only property '{name}' of object '{of}'"
                if known.own
                else f"Cannot set property {name} of {of} which has only a getter"
            )
    assign(value, name, member)
