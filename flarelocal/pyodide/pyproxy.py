"""PyProxy: a Python object as JavaScript sees it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from flarelocal.javascript.binary import VIEW_TYPES, BufferView, TypedArray
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import from_python, outgoing, to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import _ABSENT, JsProxy
from flarelocal.pyodide.realm import outside

__all__ = [
    "BORROWED",
    "CallablePyProxy",
    "JsDoubleProxy",
    "PyProxy",
    "create_once_callable",
    "create_proxy",
    "proxy_of",
    "typed_array",
]

BORROWED = (
    "This borrowed proxy was automatically destroyed at the end of a function call."
    " Try using create_proxy or create_once_callable."
    "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"
)
_DESTROYED = "Object has already been destroyed"


class PyProxy(Foreign):
    """A Python object in the hands of JavaScript.

    Attributes:
        object: the Python object.
        gone: why the proxy can no longer be used; None while it can.
    """

    __slots__ = ("gone", "object")

    def __init__(self, object: Any) -> None:
        self.object = object
        self.gone: str | None = None

    def unwrap(self) -> Any:
        """The Python object.

        Raises:
            JsError: the proxy was destroyed.
        """
        if self.gone:
            raise error(self.gone)
        return self.object

    def release(self, why: str = _DESTROYED) -> None:
        """Make the proxy unusable."""
        self.gone = self.gone or why

    def description(self) -> str:
        return "[object Object]"

    def to_text(self) -> str:
        return str(self.unwrap())

    def property(self, name: str) -> Value:
        """What JavaScript reads of the object's attribute; undefined where there is none."""
        target = self.unwrap()
        if name == "length" and hasattr(type(target), "__len__"):
            return len(target)
        return from_python(getattr(target, name, None))

    def to_json(self) -> Value:
        """A dict counts as the object of its keys that are texts, a list as an array."""
        target = self.unwrap()
        if isinstance(target, dict):
            return {k: from_python(v) for k, v in target.items() if isinstance(k, str)}
        return [from_python(member) for member in target] if isinstance(target, list) else {}

    def iterate(self) -> Iterator[Value]:
        try:
            members = iter(self.unwrap())
        except TypeError:
            return super().iterate()
        return map(from_python, members)

    def settle(self) -> Awaitable[Value] | None:
        return self._settle() if inspect.isawaitable(self.unwrap()) else None

    async def _settle(self) -> Value:
        try:
            return from_python(await self.unwrap())
        except JsException as raised:
            raise raised._value from raised


class CallablePyProxy(PyProxy):
    """A Python function in the hands of JavaScript; called with values of JavaScript-land."""

    __slots__ = ()

    def __call__(self, *arguments: Value) -> Value:
        realm = outside()
        if realm is not None:
            with realm:
                return self(*arguments)
        function = self.unwrap()
        try:
            return from_python(function(*[to_python(argument) for argument in arguments]))
        except JsException as raised:
            raise raised._value from raised

    def description(self) -> str:
        return "function(){}"


class _OnceProxy(CallablePyProxy):
    __slots__ = ()

    def __call__(self, *arguments: Value) -> Value:
        try:
            return super().__call__(*arguments)
        finally:
            self.release("OnceProxy can only be called once")


def proxy_of(value: Any) -> PyProxy:
    """A new PyProxy of a Python object."""
    return CallablePyProxy(value) if callable(value) else PyProxy(value)


class _PyProxyClass(HostObject, js_name="PyProxy"):
    """The class of proxies as JavaScript names it."""

    __slots__ = ()


class JsDoubleProxy(JsProxy, public_name="JsDoubleProxy"):
    """A PyProxy that Python code holds and destroys itself."""

    __slots__ = ()

    @property
    def constructor(self) -> Any:
        return to_python(constructor_of_class(_PyProxyClass))

    def destroy(self) -> None:
        self._value.release()

    def unwrap(self) -> Any:
        return _raise_as_python(self._value.unwrap)

    def copy(self) -> Any:
        return _double(proxy_of(self.unwrap()))

    def getBuffer(self, kind: str | None = None) -> Any:
        return to_python(PyBufferView(memoryview(self.unwrap()), kind))

    @property
    def type(self) -> str:
        return _type_name(self.unwrap())

    def _property(self, name: str) -> Value:
        target = self.unwrap()
        found = getattr(target, name, _ABSENT)
        return found if found is _ABSENT else from_python(found)

    def __str__(self) -> str:
        return str(self.unwrap())

    __repr__ = __str__


class _Double(JsDoubleProxy):
    __slots__ = ("_value",)


class _CallableDouble(JsDoubleProxy):
    __slots__ = ("_value",)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.unwrap()(*arguments, **options)


def _double(proxy: PyProxy) -> JsDoubleProxy:
    kind = _CallableDouble if isinstance(proxy, CallablePyProxy) else _Double
    made: JsDoubleProxy = kind._of(proxy)
    return made


def create_proxy(
    obj: Any, /, *, capture_this: bool = False, roundtrip: bool = True
) -> JsDoubleProxy:
    """A proxy that lives until it is destroyed; see Pyodide's `create_proxy`."""
    return obj if isinstance(obj, JsDoubleProxy) else _double(proxy_of(obj))


def create_once_callable(
    obj: Callable[..., Any], /, *, _may_syncify: bool = False
) -> JsDoubleProxy:
    """A proxy of a function that can be called once; see Pyodide's `create_once_callable`."""
    return _double(_OnceProxy(obj))


class PyBufferView(HostObject, js_name="PyBufferView"):
    """The memory of a Python buffer, shared with JavaScript."""

    __slots__ = ("_array", "_memory")

    def __init__(self, memory: memoryview, kind: str | None = None) -> None:
        self._memory = memory
        self._array = typed_array(memory, copy=False)

    @getter
    def data(self) -> BufferView:
        return self._array

    @getter
    def nbytes(self) -> int:
        return self._memory.nbytes

    @method
    def release(self) -> None:
        """Without effect: what JavaScript kept of the buffer stays readable."""


def typed_array(memory: memoryview, *, copy: bool) -> BufferView:
    """The typed array of a buffer's format; bytes for formats that JavaScript lacks."""
    kind = VIEW_TYPES["Uint8Array"]
    for candidate in VIEW_TYPES.values():
        if issubclass(candidate, TypedArray) and candidate.format == _FORMATS.get(
            memory.format, memory.format
        ):
            kind = candidate
            break
    flat = memory.cast("B") if memory.contiguous else memoryview(memory.tobytes())
    assert issubclass(kind, TypedArray)
    return kind.of_bytes(bytearray(flat) if copy else flat)


_FORMATS = {"l": "q", "L": "Q", "c": "B", "?": "B"}


_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8


def _type_name(value: Any) -> str:
    """CPython's `tp_name`: with the module for types of C, without for those of Python."""
    kind = type(value)
    of_python = kind.__flags__ & _HEAP_TYPE and not kind.__flags__ & _IMMUTABLE_TYPE
    if of_python or kind.__module__ == "builtins":
        return kind.__name__
    return f"{kind.__module__}.{kind.__name__}"


def _raise_as_python(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except JsError as raised:
        raise JsException._of_error(raised) from None


def _unwrap(proxy: PyProxy) -> Any:
    return _raise_as_python(proxy.unwrap)


for _kind in (PyProxy, CallablePyProxy, _OnceProxy):
    outgoing[_kind] = _unwrap
