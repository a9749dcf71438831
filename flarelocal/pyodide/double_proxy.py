"""Proxies of proxies: what `create_proxy` gives, a Python object as JavaScript sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.function import HostFunction, constructor_of_class
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, outgoing, to_python
from flarelocal.pyodide.buffer_view import PyBufferView
from flarelocal.pyodide.double_function import FunctionDouble
from flarelocal.pyodide.double_iterator import AsyncIteratorDouble, GeneratorDouble, IteratorDouble
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.iteration import JsAsyncIterable, JsIterable
from flarelocal.pyodide.properties import JsMap, JsMutableMap
from flarelocal.pyodide.proxy import _ABSENT, HIDDEN, JsProxy, ProxyType
from flarelocal.pyodide.pyproxy import CallablePyProxy, PyProxy, ThisPyProxy, proxy_of
from flarelocal.pyodide.sequence import JsArray, as_index

__all__ = ["JsDoubleProxy", "create_once_callable", "create_proxy", "double"]

T = TypeVar("T")


class _PyProxyClass(HostObject, js_name="PyProxy"):
    """The class of proxies as JavaScript names it."""

    __slots__ = ()


class JsDoubleProxy(JsProxy, public_name="JsDoubleProxy", parameters=1):
    """A PyProxy that Python code holds and destroys itself."""

    __slots__ = ()

    @property
    def constructor(self) -> Any:
        return to_python(constructor_of_class(_PyProxyClass))

    def destroy(self, *_: Any) -> None:
        self._value.release()

    def unwrap(self) -> Any:
        return _guarded(self._value.unwrap)

    def copy(self) -> Any:
        return double(proxy_of(self.unwrap(), roundtrip=True))

    def toString(self) -> str:
        return str(self.unwrap())

    @property
    def getBuffer(self) -> Callable[..., Any]:
        """What shares the memory of a buffer with JavaScript."""
        try:
            memory = memoryview(self.unwrap())
        except TypeError:
            raise AttributeError("getBuffer") from None
        return lambda kind=None: _guarded(lambda: to_python(PyBufferView(memory, kind)))

    @property
    def type(self) -> str:
        return _type_name(self.unwrap())

    def _property(self, name: str) -> Value:
        target = self.unwrap()
        found = getattr(target, name, _ABSENT)
        if found is _ABSENT and name == "length" and hasattr(type(target), "__len__"):
            found = len(target)
        if found is _ABSENT and type(target) is dict and profile.current().transparent_proxies:
            found = target.get(name, _ABSENT)
        return found if found is _ABSENT else from_python(found)

    def _set_property(self, name: str, value: Value) -> None:
        setattr(self.unwrap(), name, to_python(value))

    def __dir__(self) -> list[str]:
        return sorted({*dir(type(self)), *dir(self.unwrap())} - HIDDEN)

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return str(self.unwrap())

    __repr__ = __str__


def double(proxy: PyProxy) -> JsDoubleProxy:
    """What Python sees of a proxy."""
    target: Any = type(proxy.object)
    kind = _kind(target, callable(proxy), profile.current().sized_is_array)
    made: JsDoubleProxy = kind._of(proxy)
    return made


@lru_cache(maxsize=256)
def _kind(target: Any, can_be_called: bool, sized_is_array: bool) -> type[JsDoubleProxy]:
    """The class of the proxies of a type's objects: its kinds by what the objects can do."""
    has = {name for name in _PROTOCOL if hasattr(target, name)}
    bases: list[type] = [JsDoubleProxy]
    namespace: dict[str, Any] = {"__slots__": ("_value",)}
    if can_be_called:
        bases.append(FunctionDouble)
    if sized_is_array and {"__len__", "__iter__"} <= has:
        bases.append(JsArray)
    if {"__getitem__", "__len__", "__iter__"} <= has:
        bases.append(JsMutableMap if "__setitem__" in has else JsMap)
    elif "__iter__" in has:
        bases.append(JsIterable)
    if "__next__" in has:
        bases.append(GeneratorDouble if "throw" in dir(target) else IteratorDouble)
    if "__aiter__" in has:
        bases.append(JsAsyncIterable)
    if "__anext__" in has:
        bases.append(AsyncIteratorDouble)
    namespace |= {name: _PROTOCOL[name] for name in has}
    return cast("type[JsDoubleProxy]", ProxyType("PyProxy", tuple(bases), namespace))


def _iterate(proxy: Any) -> Any:
    target = proxy.unwrap()
    if isinstance(target, Mapping):
        # Python refuses it, as it does in Pyodide: a view of keys is no iterator.
        return target.keys()
    if isinstance(target, Sequence) and not isinstance(target, str | bytes):
        return iter(range(len(target)))
    return _seen(iter(target))


def _seen(members: Iterator[Any]) -> Iterator[Any]:
    return (to_python(from_python(member)) for member in members)


def _get(proxy: Any, key: Any) -> Any:
    target = proxy.unwrap()
    if profile.current().sized_is_array and not isinstance(key, slice):
        try:
            return target[as_index(key)]
        except LookupError:
            raise IndexError(key) from None
    try:
        return target[key]
    except LookupError:
        raise KeyError(key) from None


def _set(proxy: Any, key: Any, value: Any) -> None:
    proxy.unwrap()[as_index(key) if profile.current().sized_is_array else key] = value


def _iterate_async(proxy: Any) -> Any:
    target = proxy.unwrap()
    members = aiter(target)
    return proxy if members is target else double(proxy_of(members, roundtrip=True))


async def _next_async(proxy: Any) -> Any:
    return to_python(from_python(await anext(proxy.unwrap())))


_PROTOCOL: dict[str, Callable[..., Any]] = {
    "__aiter__": _iterate_async,
    "__anext__": _next_async,
    "__contains__": lambda proxy, member: member in proxy.unwrap(),
    "__getitem__": _get,
    "__iter__": _iterate,
    "__len__": lambda proxy: len(proxy.unwrap()),
    "__next__": lambda proxy: to_python(from_python(next(proxy.unwrap()))),
    "__setitem__": _set,
}


def create_proxy(
    obj: Any, /, *, capture_this: bool = False, roundtrip: bool = True
) -> JsDoubleProxy:
    """A proxy that lives until it is destroyed; see Pyodide's `create_proxy`."""
    if capture_this and callable(obj):
        return double(ThisPyProxy(obj, roundtrip=roundtrip))
    return double(proxy_of(obj, roundtrip=roundtrip))


def create_once_callable(obj: Callable[..., Any], /, *, _may_syncify: bool = False) -> Any:
    """A function that can be called once; see Pyodide's `create_once_callable`."""
    proxy = CallablePyProxy(obj)

    def wrapper(*arguments: Value) -> Value:
        if proxy.gone:
            raise error("OnceProxy can only be called once")
        try:
            return proxy(*arguments)
        finally:
            proxy.release()

    made = HostFunction("wrapper", wrapper)
    made.expando["destroy"] = HostFunction("destroy", proxy.release)
    return to_python(made)


_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8


def _type_name(value: Any) -> str:
    """CPython's `tp_name`: with the module for types of C, without for those of Python."""
    kind = type(value)
    of_python = kind.__flags__ & _HEAP_TYPE and not kind.__flags__ & _IMMUTABLE_TYPE
    if of_python or kind.__module__ == "builtins":
        return kind.__name__
    return f"{kind.__module__}.{kind.__name__}"


def _guarded(function: Callable[[], T]) -> T:
    try:
        return function()
    except JsError as raised:
        raise JsException._of_error(raised) from None


def _to_python(proxy: PyProxy) -> Any:
    return double(proxy) if proxy.roundtrip else _guarded(proxy.unwrap)


for _proxy in (PyProxy, CallablePyProxy, ThisPyProxy):
    outgoing[_proxy] = _to_python
