"""Proxy classes of host objects, made from the members that the host class shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from flarelocal.javascript.attributes import NOTED, Accessor
from flarelocal.javascript.binary import ArrayBuffer, BufferView, TypedArray
from flarelocal.javascript.builtins.object import ObjectType
from flarelocal.javascript.collections import LiteralMap, Map
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import HostObject, Member
from flarelocal.javascript.promise import settle
from flarelocal.javascript.prototype import Heir, noted_property
from flarelocal.javascript.values import Bare, Boxed, Hole, Value
from flarelocal.pyodide.boundary import (
    Converter,
    from_python,
    incoming,
    outgoing,
    to_python,
)
from flarelocal.pyodide.boxed import boxed_out
from flarelocal.pyodide.buffer import BufferProxy, TypedArrayProxy
from flarelocal.pyodide.calling import FunctionProxy, JsCallable, MethodProxy, call
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.future import start
from flarelocal.pyodide.iteration import (
    IteratorProxy,
    JsAsyncIterable,
    JsAsyncIterator,
    JsIterable,
)
from flarelocal.pyodide.promise import PromiseProxy
from flarelocal.pyodide.properties import (
    BareProxy,
    MapLikeProxy,
    MappableProxy,
    MapProxy,
    ObjectProxy,
    OpaqueProxy,
    read,
)
from flarelocal.pyodide.prototype import HeirProxy
from flarelocal.pyodide.proxy import _ABSENT, JsProxy, ProxyType
from flarelocal.pyodide.pyproxy import proxy_of
from flarelocal.pyodide.python_error import thrown_by_python
from flarelocal.pyodide.sequence import ArrayProxy

__all__ = ["proxy_type"]


class _HostProxy(JsProxy):
    """What the proxies of all host objects share: properties added by the program."""

    __slots__ = ()

    def _set_property(self, name: str, value: Value) -> None:
        member = self._value.members.get(name)
        if member is not None and member.kind == "getter":
            if member.setter is None:
                raise JsException._of_error(_read_only(self._value, name))
            _guarded(member.setter, self._value, value)
            return
        if NOTED:
            super()._set_property(name, value)
        else:
            self._value.put_own(name, value)

    def _property(self, name: str) -> Value:
        added = getattr(self._value, "expando", None)
        if added and name in added:
            return added[name]
        dynamic = getattr(self._value, "dynamic_property", None)
        found = _guarded(dynamic, name) if dynamic and not name.startswith("__") else None
        if found is None and NOTED and (noted := noted_property(self._value, name)):
            return read(noted, self._value)
        return _ABSENT if found is None else found


def _read_only(value: HostObject, name: str) -> JsError:
    if constructor_of_class(type(value)).of_language:
        return type_error(
            f"Cannot set property {name} of #<{value.js_name}> which has only a getter"
        )
    return type_error(
        f"Cannot assign to read only property '{name}' of object '#<{value.js_name}>'"
    )


class _MethodAccess:
    """The attribute of a method: gives it bound to the object."""

    __slots__ = ("_member",)

    def __init__(self, member: Member) -> None:
        self._member = member

    def __get__(self, proxy: Any, owner: type | None = None) -> Any:
        if proxy is None:
            return self
        value = proxy._value
        added = getattr(value, "expando", None)
        if added and self._member.name in added:
            return to_python(added[self._member.name])
        return MethodProxy._bind(self._member, value)


def _absent(proxy: Any, name: str) -> Any:
    """`__getattr__` where the class has all properties, except those that a program added."""
    if NOTED or getattr(proxy._value, "expando", None) or name.endswith("_"):
        return JsProxy.__getattr__(proxy, name)
    raise AttributeError(name)


def _getter_access(member: Member) -> property:
    read = member.function

    def access(proxy: Any) -> Any:
        try:
            return to_python(read(proxy._value))
        except JsError as error:
            raise JsException._of_error(error) from None

    return property(access)


def _guarded(function: Callable[..., Value], *arguments: Value) -> Value:
    try:
        return function(*arguments)
    except JsError as error:
        raise JsException._of_error(error) from None


def proxy_type(host: type[HostObject]) -> type[JsProxy]:
    """The proxy class of a host class: its members as attributes, its kind by what it can do."""
    bases: list[type[JsProxy]] = []
    namespace: dict[str, Any] = {"__slots__": ("_value",)}
    if issubclass(host, TypedArray):
        bases.append(TypedArrayProxy)
    elif issubclass(host, ArrayBuffer | BufferView):
        bases.append(BufferProxy)
    elif issubclass(host, Map):
        bases.append(MapProxy)
        if issubclass(host, LiteralMap):
            namespace["_property"] = _literal_property
    elif host.iterate is not HostObject.iterate:
        bases.append(MapLikeProxy if {"get", "set", "size"} <= set(host.members) else JsIterable)
    if _defines(host, "__anext__"):
        bases += [JsAsyncIterator, JsAsyncIterable]
    elif host.iterate_async is not HostObject.iterate_async:
        bases.append(JsAsyncIterable)
    if _defines(host, "__await__"):
        namespace["__await__"] = _await_host
    if _defines(host, "__call__"):
        bases.append(JsCallable)
        namespace["__call__"] = _call_host
    if not hasattr(host, "dynamic_property") and _ITERATED.issuperset(bases):
        namespace["__getattr__"] = _absent
    if not any(issubclass(base, BufferProxy | JsCallable) for base in bases):
        bases.append(MappableProxy)
    bases.append(_HostProxy)
    inherited = {name for base in bases[:-1] for name in dir(base)}
    for name, member in {**ObjectType.members, **host.members}.items():
        if name in inherited and name not in ("has", "size", "length"):
            continue
        if member.kind == "method":
            namespace[name] = _MethodAccess(member)
        elif member.kind == "getter":
            namespace[name] = _getter_access(member)
    namespace |= _python_protocols(host, inherited)
    return cast("type[JsProxy]", ProxyType(host.js_name, tuple(bases), namespace, of_one_kind=True))


_ITERATED = frozenset({JsAsyncIterable, JsAsyncIterator, JsIterable})


def _call_host(proxy: Any, *arguments: Any, **options: Any) -> Any:
    return call(proxy._value, (), arguments, options, promise=False, required=0, maximum=None)


def _await_host(proxy: Any) -> Any:
    return start(settle(proxy._value)).__await__()


def _defines(kind: type, name: str) -> bool:
    return any(name in vars(base) for base in kind.__mro__)


def _literal_property(proxy: Any, name: str) -> Value:
    value = proxy._value
    return value.get(name) if value.has(name) else _ABSENT


def _python_protocols(host: type[HostObject], inherited: set[str]) -> dict[str, Any]:
    """`len`, `[]` and `in`, where the object has the properties that Pyodide takes for them."""
    members = host.members
    found: dict[str, Any] = {}
    for name in ("length", "size"):
        if name in members and members[name].kind == "getter" and "__len__" not in inherited:
            read = members[name].function
            found["__len__"] = lambda proxy, read=read: read(proxy._value)
            break
    if "get" in members and "__getitem__" not in inherited:
        found["__getitem__"] = _get_item
        if "__iter__" not in inherited and "has" in members:
            # Python would go over the keys 0, 1, 2, …; of bindings the SDK asks for `__iter__`.
            found["__iter__"] = found["__reversed__"] = None
    test = members.get("has") or members.get("includes")
    if test is not None and "__contains__" not in inherited:
        has = test.function
        found["__contains__"] = lambda proxy, key: bool(has(proxy._value, from_python(key)))
    if {"set", "delete"} <= set(members) and "__setitem__" not in inherited:
        found["__setitem__"], found["__delitem__"] = _set_item, _delete_item
    return found


def _get_item(proxy: Any, key: Any) -> Any:
    members, name = proxy._value.members, from_python(key)
    value = members["get"].function(proxy._value, name)
    if value is None and "has" in members and not members["has"].function(proxy._value, name):
        raise KeyError(key)
    return to_python(value)


def _set_item(proxy: Any, key: Any, value: Any) -> None:
    _guarded(proxy._value.members["set"].function, proxy._value, *map(from_python, (key, value)))


def _delete_item(proxy: Any, key: Any) -> None:
    if not _guarded(proxy._value.members["delete"].function, proxy._value, from_python(key)):
        raise KeyError(key)


def _find_outgoing(kind: type) -> Converter:
    if issubclass(kind, Heir):
        return HeirProxy._of
    if issubclass(kind, HostObject):
        return proxy_type(kind)._of
    if issubclass(kind, dict):
        return ObjectProxy._of
    if issubclass(kind, list):
        return ArrayProxy._of
    for base, convert in outgoing.items():
        if base not in (int, float, str) and issubclass(kind, base):
            return convert
    if issubclass(kind, str | int | float):
        return outgoing[str if issubclass(kind, str) else int if issubclass(kind, int) else float]
    if hasattr(kind, "__await__") or hasattr(kind, "add_done_callback"):
        return PromiseProxy._of
    if issubclass(kind, Iterator):
        return IteratorProxy._of
    if issubclass(kind, Exception):
        return _exception_out
    if _defines(kind, "__call__"):
        return FunctionProxy._of
    return OpaqueProxy._of


def _exception_out(raised: Exception) -> JsException:
    return JsException._of_error(thrown_by_python(raised))


def _find_incoming(kind: type) -> Converter:
    if issubclass(kind, JsProxy):
        return _value_of
    if issubclass(kind, bool | str):
        return str
    if issubclass(kind, int):
        return lambda value: from_python(int(value))
    if issubclass(kind, float):
        return lambda value: from_python(float(value))
    return proxy_of


def _value_of(proxy: Any) -> Value:
    return proxy._value


def _coroutine_type() -> type:
    async def coroutine() -> None: ...

    made = coroutine()
    made.close()
    return type(made)


incoming.find, outgoing.find = _find_incoming, _find_outgoing
outgoing[dict] = ObjectProxy._of
outgoing[list] = ArrayProxy._of
outgoing[_coroutine_type()] = start
outgoing[Accessor] = lambda accessor: to_python(_guarded(accessor.read))
outgoing[Bare] = BareProxy._of
outgoing[Boxed] = boxed_out
outgoing[Hole] = lambda _: None
