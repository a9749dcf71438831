"""How Python code calls a function of JavaScript."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from types import CoroutineType
from typing import Any

from flarelocal.javascript.errors import JsError, Thrown, type_error
from flarelocal.javascript.function import BoundMethod, Constructor, StaticMethod
from flarelocal.javascript.host import HostObject, Member, arity
from flarelocal.javascript.promise import settle
from flarelocal.javascript.startup import at_startup, disallowed
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import JsNull, Value
from flarelocal.pyodide.boundary import from_python, outgoing, to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.future import PyodideFuture, ended, future_of, rejected, resolved, start
from flarelocal.pyodide.proxy import _ABSENT, JsProxy
from flarelocal.pyodide.pyproxy import BORROWED, BORROWED_BY_NEW, PyProxy

__all__ = ["FunctionProxy", "JsCallable", "MethodProxy", "call"]


_PLAIN = frozenset({str, int, float, bool, type(None), JsNull, dict, list})
"""Types whose values are neither proxies nor promises."""


def call(
    function: Callable[..., Value],
    owner: tuple[Value, ...],
    arguments: tuple[Any, ...],
    options: Mapping[str, Any],
    *,
    promise: bool,
    required: int,
    maximum: int | None,
    end: str = BORROWED,
) -> Any:
    """Call a function of JavaScript-land with Python arguments and give Python its result.

    Keyword arguments become one trailing object. Proxies made for the call are borrowed: they
    die with it, for the reason `end`, or when the promise that it returns is settled.
    """
    values: list[Value] = [*map(from_python, arguments)]
    if options:
        values.append({name: from_python(value) for name, value in options.items()})
    plain = not options and _PLAIN.issuperset(map(type, values))
    borrowed = [] if plain else _borrowed(values, arguments, options)
    if maximum is not None and len(values) > maximum:
        del values[maximum:]
    if len(values) < required:
        values += [None] * (required - len(values))
    try:
        result = function(*owner, *values)
    except (JsError, Thrown) as error:
        _release(borrowed, end)
        if promise:
            return rejected(error)
        raise JsException._of_error(error) from None
    except JsException:
        _release(borrowed, end)
        raise
    except Exception as error:
        _release(borrowed, end)
        if promise:
            return rejected(error)
        raise
    if type(result) in _PLAIN or isinstance(result, HostObject):
        seen = resolved(result) if promise else to_python(result)
        if borrowed:
            _release(borrowed, end)
        return seen
    if end is BORROWED_BY_NEW:
        seen = to_python(result)
        _release(borrowed, end)
        return seen
    if type(result) is CoroutineType:
        seen = start(result)
    elif asyncio.isfuture(result):
        seen = future_of(result)
    elif isinstance(result, PyProxy) and not result.roundtrip and result.is_awaitable():
        seen = future_of(asyncio.ensure_future(settle(result)))
    else:
        seen = resolved(result) if promise else to_python(result)
        _release(borrowed, end)
        return seen
    if borrowed:
        if seen.done():
            _release(borrowed, end)
        else:
            seen.add_done_callback(lambda _: _release(borrowed, end))
    return seen


def _borrowed(
    values: list[Value], arguments: tuple[Any, ...], options: Mapping[str, Any]
) -> list[PyProxy]:
    found = [
        value
        for value, argument in zip(values, arguments, strict=False)
        if isinstance(value, PyProxy) and not isinstance(argument, JsProxy)
    ]
    if options:
        found += [
            value
            for value, argument in zip(values[-1].values(), options.values(), strict=True)
            if isinstance(value, PyProxy) and not isinstance(argument, JsProxy)
        ]
    return found


def _release(borrowed: list[PyProxy], why: str) -> None:
    for proxy in borrowed:
        if not inspect.isawaitable(proxy.object):
            proxy.release(why)


class JsCallable(JsProxy, public_name="JsCallable", parameters=2):
    """Base of proxies that can be called."""

    __slots__ = ()

    def _property(self, name: str) -> Value:
        from flarelocal.pyodide.properties import inherited

        found = super()._property(name)
        return inherited(self._value, name) if found is _ABSENT else found

    def new(self, *arguments: Any, **options: Any) -> Any:
        """`new function(…)`; keyword arguments become one trailing object.

        Raises:
            JsException: TypeError, it is no class.
        """
        raise JsException._of_error(type_error(f"{to_string(self._value)} is not a constructor"))


class MethodProxy(JsCallable):
    """A method of a host object, bound to it."""

    __slots__ = ("_member", "_owner")

    _member: Member
    _owner: Value

    @classmethod
    def _bind(cls, member: Member, owner: Value) -> MethodProxy:
        made: MethodProxy = object.__new__(cls)
        object.__setattr__(made, "_member", member)
        object.__setattr__(made, "_owner", owner)
        return made

    @property
    def _value(self) -> Value:
        return BoundMethod(self._member, self._owner)

    @property
    def name(self) -> str:
        return self._member.name

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        member = self._member
        if member.promise and getattr(self._owner, "io", False):
            if at_startup():
                raise JsException._of_error(disallowed())
            if ended():
                return PyodideFuture()
        return call(
            member.function,
            (self._owner,),
            arguments,
            options,
            promise=member.promise,
            required=member.required,
            maximum=member.maximum,
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, MethodProxy)
            and self._member is other._member
            and self._owner is other._owner
        )


class FunctionProxy(JsCallable):
    """A free function, which may have properties."""

    __slots__ = ("_arity", "_value")

    @classmethod
    def _of(cls, value: Value) -> Any:
        made = super()._of(value)
        object.__setattr__(made, "_arity", None)
        return made

    @property
    def name(self) -> str:
        return str(getattr(self._value, "__name__", ""))

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if self._arity is None:
            object.__setattr__(self, "_arity", _arity(self._value))
        required, maximum = self._arity
        return call(
            self._value,
            (),
            arguments,
            options,
            promise=inspect.iscoroutinefunction(self._value),
            required=required,
            maximum=maximum,
        )


class ConstructorProxy(JsCallable):
    """A class: `new`, its static members, and what a program added to it."""

    __slots__ = ("__dict__", "_value", "name")

    _value: Constructor
    name: str

    @classmethod
    def _of(cls, value: Constructor) -> Any:
        made = _constructors.get(value)
        if made is None:
            made = _constructors[value] = super()._of(value)
            object.__setattr__(made, "name", value.name)
        return made

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        if name in self._value.statics:
            # A plain attribute from now on: the SDK asks for `Object.fromEntries` all the time.
            object.__setattr__(self, name, found)
        return found

    def new(self, *arguments: Any, **options: Any) -> Any:
        """`new Class(…)`; keyword arguments become one trailing object."""
        return call(
            self._value.construct,
            (),
            arguments,
            options,
            promise=False,
            required=0,
            maximum=None,
            end=BORROWED_BY_NEW,
        )

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return call(self._value, (), arguments, options, promise=False, required=0, maximum=None)

    def _property(self, name: str) -> Value:
        found = self._value.own_property(name)
        return super()._property(name) if found is None else found.held

    def _delete_property(self, name: str) -> None:
        super()._delete_property(name)
        self.__dict__.pop(name, None)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._value.own_names()})

    def _set_property(self, name: str, value: Value) -> None:
        super()._set_property(name, value)
        self.__dict__.pop(name, None)


_constructors: dict[Constructor, ConstructorProxy] = {}


class StaticMethodProxy(JsCallable):
    """A static method as Python sees it."""

    __slots__ = ("_value",)

    _value: StaticMethod

    @property
    def name(self) -> str:
        return self._value.member.name

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        member = self._value.member
        return call(
            member.function,
            (),
            arguments,
            options,
            promise=member.promise,
            required=member.required,
            maximum=member.maximum,
        )


def _arity(function: Callable[..., Value]) -> tuple[int, int | None]:
    try:
        return arity(function)
    except (TypeError, ValueError):
        return 0, None


def _bound_out(value: BoundMethod) -> MethodProxy:
    return MethodProxy._bind(value.member, value.owner)


outgoing[BoundMethod] = _bound_out
outgoing[Constructor] = ConstructorProxy._of
outgoing[StaticMethod] = StaticMethodProxy._of
