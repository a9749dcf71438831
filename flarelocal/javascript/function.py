"""Classes as JavaScript values, and the members that a value has by its class."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flarelocal.javascript.attributes import Property
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.host import HostObject, Member, arity
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.promise import awaitable, reason_of, rejected, resolved
from flarelocal.javascript.signature import converting
from flarelocal.javascript.values import Bare, BigInt, Boxed, Symbol, Value

__all__ = [
    "LANGUAGE",
    "BoundMethod",
    "Builtin",
    "Constructor",
    "HostFunction",
    "StaticMethod",
    "constructor_of",
    "constructor_of_class",
    "members_of",
]


class Builtin(HostObject):
    """Base of the classes whose instances are plain Python values, such as Array and Error.

    Their methods take the value as `self`.
    """

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        """`new Class(…)`.

        Raises:
            JsError: TypeError; the class has no constructor unless it overrides this.
        """
        raise type_error(f"{cls.js_name} is not a constructor")

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        """`Class(…)`: the same as with `new`, unless the class overrides this."""
        return cls.construct(*arguments)


LANGUAGE = frozenset(
    f"flarelocal.javascript.{room}"
    for room in ("array_buffer", "binary", "collections", "date", "regexp", "weak")
)
"""The modules of the classes of the language that are host objects."""


_LENGTHS = {
    **dict.fromkeys(("Iterator", "Map", "Set", "Symbol", "WeakMap", "WeakSet"), 0),
    "AggregateError": 2,
    "Date": 7,
    "RegExp": 2,
}
"""Class of the language → the `length` of its constructor, where that is not 1."""


class Constructor:
    """A class of JavaScript, such as `js.Response`.

    Attributes:
        kind: the Python class.
        name: its name in JavaScript.
        construct: `new Class(…)`; raises a TypeError for arguments that the class refuses, and for
            a class that programs cannot make an object of.
        statics: its static members.
        expando: its further properties: constants, and what a program assigned.
    """

    __slots__ = ("__name__", "construct", "expando", "kind", "name", "statics")

    def __init__(self, kind: type[HostObject]) -> None:
        self.kind = kind
        self.name = self.__name__ = kind.js_name
        self.statics = kind.statics
        self.expando: dict[str, Value] = dict(kind.constants)
        self.construct = _constructing(kind)

    def own_names(self) -> list[str]:
        """The names of its properties."""
        return list(dict.fromkeys(["length", "name", "prototype", *self.statics, *self.expando]))

    def own_properties(self) -> dict[str, Value]:
        """Its enumerable properties: what a program assigned."""
        return {
            name: value
            for name, value in self.expando.items()
            if name not in self.statics and name not in self.kind.constants
        }

    def own_property(self, name: str) -> Property | None:
        """One of its properties; those that a program assigned come first."""
        from flarelocal.javascript.prototype import prototype_of_class

        if name in self.expando:
            constant = (
                name in self.kind.constants and self.expando[name] is (self.kind.constants[name])
            )
            if constant and name != "stackTraceLimit":
                return Property(self.expando[name], False, not self.of_language, False)
            return Property(self.expando[name], enumerable=name not in self.statics)
        if name in self.statics:
            return Property(StaticMethod(self.statics[name]), enumerable=not self.of_language)
        if name in ("length", "name"):
            return Property(self.name if name == "name" else self._length(), False, False)
        if name == "prototype":
            return Property(prototype_of_class(self.kind), False, False, False)
        return None

    def put_own(self, name: str, value: Value, enumerable: bool = True) -> bool:
        """Write one of them, or add one; whether there is a place for it."""
        if not enumerable and name not in self.own_names():
            return False
        self.expando[name] = value
        return True

    def _length(self) -> int:
        """How many arguments the constructor says that it takes."""
        if "BYTES_PER_ELEMENT" in self.kind.constants:
            return 3
        if self.of_language:
            return _LENGTHS.get(self.name, 1)
        return arity(self.kind.__init__, skip=1)[0] if self.kind.constructible else 0

    @property
    def of_language(self) -> bool:
        """Whether the class is one of the language rather than of the platform."""
        return issubclass(self.kind, Builtin) or self.kind.__module__ in LANGUAGE

    def __call__(self, *arguments: Value) -> Value:
        """`Class(…)` without `new`.

        Raises:
            JsError: TypeError for most classes, which need `new`.
        """
        call = getattr(self.kind, "call", None)
        if call is not None:
            return call(*arguments)
        if self.kind.__module__ in LANGUAGE:
            raise type_error(f"Constructor {self.name} requires 'new'")
        if not self.kind.constructible:
            _refuse()
        raise type_error(
            f"Failed to construct '{self.name}': Please use the 'new' operator, this object"
            " constructor cannot be called as a function."
        )

    def __repr__(self) -> str:
        return f"<class {self.name}>"


class BoundMethod:
    """A method of a host object as a value of JavaScript-land."""

    __slots__ = ("member", "owner")

    def __init__(self, member: Member, owner: Value) -> None:
        self.member = member
        self.owner = owner

    @property
    def __name__(self) -> str:
        return self.member.name

    def __call__(self, *arguments: Value) -> Value:
        taken = arguments if self.member.maximum is None else arguments[: self.member.maximum]
        missing = (None,) * (self.member.required - len(taken))
        return self.member.function(self.owner, *taken, *missing)


class StaticMethod:
    """A static method as a value of JavaScript-land."""

    __slots__ = ("__name__", "member")

    def __init__(self, member: Member) -> None:
        self.member = member
        self.__name__ = member.name

    def __call__(self, *arguments: Value) -> Value:
        return self.member.function(*arguments[: self.member.maximum])


class HostFunction:
    """A function of the host as a value, such as `js.fetch`.

    Args:
        promise: the result is a promise, and an error its rejection.
        maximum: how many arguments it takes, further ones are left out; None: all.
    """

    __slots__ = ("__name__", "_function", "_maximum", "expando", "promise")

    def __init__(
        self,
        name: str,
        function: Callable[..., Value],
        *,
        promise: bool = False,
        maximum: int | None = None,
    ) -> None:
        self.__name__ = name
        self._function = function
        self._maximum = maximum
        self.promise = promise
        self.expando: dict[str, Value] = {}

    def __call__(self, *arguments: Value) -> Value:
        taken = arguments[: self._maximum]
        if not self.promise:
            return self._function(*taken)
        try:
            result = self._function(*taken)
        except Exception as failure:
            return rejected(reason_of(failure))
        return result if awaitable(result) is not None else resolved(result)


def _constructing(kind: type[HostObject]) -> Callable[..., Value]:
    if issubclass(kind, Builtin):
        return kind.construct
    if not kind.constructible:
        return _refuse
    initialise = converting(kind.__init__, kind.js_name, "", skip=1)
    if initialise is None:
        code = kind.__init__.__code__
        maximum = None if code.co_flags & inspect.CO_VARARGS else code.co_argcount - 1
        return lambda *arguments: kind(*arguments[:maximum])

    def construct(*arguments: Value) -> Value:
        made = kind.__new__(kind)
        initialise(made, *arguments)
        return made

    return construct


def _refuse(*arguments: Value) -> Value:
    raise type_error("Illegal constructor")


_constructors: dict[type, Constructor] = {}


def constructor_of_class(kind: type[HostObject]) -> Constructor:
    """The JavaScript class of a Python class; always the same object."""
    found = _constructors.get(kind)
    if found is None:
        found = _constructors[kind] = Constructor(kind)
    return found


def constructor_of(value: Value) -> Constructor | None:
    """`value.constructor`; None for undefined and null."""
    if isinstance(value, HostObject):
        return constructor_of_class(type(value))
    kind = _builtin_of(value)
    return constructor_of_class(kind) if kind else None


def members_of(value: Value) -> Mapping[str, Member]:
    """The members that a value has by its class; none for undefined and null."""
    if isinstance(value, HostObject):
        return value.members
    kind = _builtin_of(value)
    return kind.members if kind else {}


def _builtin_of(value: Value) -> type[Builtin] | None:
    from flarelocal.javascript import builtins

    found = _BUILTINS.get(type(value))
    if found:
        return builtins.builtin(found)
    if isinstance(value, Bare):
        return None
    if isinstance(value, JsError):
        return builtins.builtin(value.constructor_name)
    if isinstance(value, Boxed):
        return _builtin_of(value.value)
    if isinstance(value, asyncio.Future) or inspect.iscoroutine(value):
        return builtins.builtin("Promise")
    if callable(value):
        return builtins.builtin("Function")
    if isinstance(value, NamedIterator):
        return builtins.iterator_class(value.name)
    if isinstance(value, Iterator):
        return builtins.builtin("Object")
    for kind, name in _BUILTINS.items():
        if isinstance(value, kind):
            return builtins.builtin(name)
    return None


_BUILTINS: dict[Any, str] = {
    dict: "Object",
    list: "Array",
    str: "String",
    bool: "Boolean",
    BigInt: "BigInt",
    int: "Number",
    float: "Number",
    Symbol: "Symbol",
}
