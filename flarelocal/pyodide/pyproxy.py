"""PyProxy: a Python object as JavaScript sees it."""

from __future__ import annotations

import array
import inspect
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from typing import Any

from flarelocal.javascript.errors import error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.values import Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import _ABSENT, JsProxy
from flarelocal.pyodide.python_error import thrown_by_python
from flarelocal.pyodide.realm import outside
from flarelocal.pyodide.suspension import Escaped, call_back

__all__ = [
    "BORROWED",
    "BORROWED_BY_NEW",
    "CallablePyProxy",
    "PyProxy",
    "ThisPyProxy",
    "proxy_of",
]

BORROWED = (
    "This borrowed proxy was automatically destroyed at the end of a function call."
    " Try using create_proxy or create_once_callable."
    "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"
)
BORROWED_BY_NEW = BORROWED.replace(" at the end of a function call", "")
_DESTROYED = "Object has already been destroyed"
_EXHAUSTED = (
    "This borrowed proxy was automatically destroyed when an iterator was exhausted."
    "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"
)
_MAPPING_NAMES = frozenset({"delete", "get", "has", "set"})
"""What the proxy of a dict has itself, so that keys of these names are no properties."""


class PyProxy(Foreign):
    """A Python object in the hands of JavaScript.

    Attributes:
        object: the Python object.
        roundtrip: Python sees the proxy again when it comes back, and not the object.
        gone: why the proxy can no longer be used; None while it can.
    """

    __slots__ = ("gone", "object", "roundtrip")

    js_name = "PyProxy"

    def __init__(self, object: Any, *, roundtrip: bool = False) -> None:
        self.object = object
        self.roundtrip = roundtrip
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
        """An attribute of the object, its length, or what a dict has under the name."""
        target = self.unwrap()
        if name == "length" and hasattr(type(target), "__len__"):
            return len(target)
        found = getattr(target, name, _ABSENT)
        if found is _ABSENT and self._is_transparent():
            found = target.get(name, _ABSENT)
        return None if found is _ABSENT else from_python(found)

    def set_property(self, name: str, value: Value) -> None:
        if self._is_transparent():
            self.unwrap()[name] = to_python(value)
        else:
            setattr(self.unwrap(), name, to_python(value))

    def remove_property(self, name: str) -> None:
        if self._is_transparent():
            self.unwrap().pop(name, None)
        else:
            delattr(self.unwrap(), name)

    def own_properties(self) -> dict[str, Value]:
        """The texts and numbers of a dict; nothing else has any."""
        if not self._is_transparent():
            return {}
        return {
            str(key): from_python(member)
            for key, member in self.unwrap().items()
            if isinstance(key, str | int) and key not in _MAPPING_NAMES
        }

    def is_list(self) -> bool:
        target = self.unwrap()
        return isinstance(target, Sequence | array.array) and not isinstance(target, bytes)

    def members(self) -> Sequence[Value]:
        return [from_python(member) for member in self.unwrap()] if self.is_list() else ()

    def _is_transparent(self) -> bool:
        return type(self.unwrap()) is dict and profile.current().transparent_proxies

    def to_json(self) -> Value:
        """A dict counts as the object of its texts and numbers, a sequence as an array.

        The proxies of what is in an array die before JSON comes to them.
        """
        target = self.unwrap()
        if not profile.current().transparent_proxies:
            return {}
        if type(target) is dict:
            return self.own_properties()
        if not isinstance(target, Sequence | array.array):
            return {}
        members = [from_python(member) for member in target]
        if any(isinstance(member, PyProxy) for member in members):
            raise error(_EXHAUSTED)
        return members

    def is_iterable(self) -> bool:
        return hasattr(type(self.unwrap()), "__iter__")

    def iterate(self) -> Iterator[Value]:
        target = self.unwrap()
        try:
            members = iter(target)
        except TypeError:
            return super().iterate()
        return map(from_python, members) if members is target else _lent(members)

    def iterate_async(self) -> AsyncIterator[Value] | None:
        return self._members() if hasattr(type(self.unwrap()), "__aiter__") else None

    async def _members(self) -> AsyncIterator[Value]:
        target = self.unwrap()
        members = aiter(target)
        try:
            while True:
                # An async generator is its own iterator, and as such a proxy that may die.
                if members is target:
                    self.unwrap()
                try:
                    member = await anext(members)
                except StopAsyncIteration:
                    return
                except JsException as raised:
                    raise raised._value from raised
                except Exception as raised:
                    raise thrown_by_python(raised) from raised
                yield from_python(member)
        finally:
            close = getattr(members, "aclose", None)
            if close is not None and not self.gone:
                await close()

    def settle(self) -> Awaitable[Value] | None:
        return self._settle() if self.is_awaitable() else None

    def is_awaitable(self) -> bool:
        """Whether JavaScript takes the object for a promise."""
        return inspect.isawaitable(self.unwrap())

    async def _settle(self) -> Value:
        target = self.unwrap()
        try:
            return from_python(await target)
        except Escaped:
            raise
        except Exception as raised:
            raise thrown_by_python(raised) from raised


class CallablePyProxy(PyProxy):
    """A Python function in the hands of JavaScript; called with values of JavaScript-land."""

    __slots__ = ()

    def __call__(self, *arguments: Value) -> Value:
        realm = outside()
        if realm is not None:
            with realm:
                return CallablePyProxy.__call__(self, *arguments)
        function = self.unwrap()
        try:
            return from_python(call_back(function, map(to_python, arguments)))
        except JsException as raised:
            raise raised._value from raised

    def called_on(self, this: Value, *arguments: Value) -> Value:
        """What `function.call(this, …)` gives."""
        return self(*arguments)

    async def promised(self, *arguments: Value) -> Value:
        """What the function returns, which may use `run_sync` on its way."""
        try:
            return from_python(self.unwrap()(*map(to_python, arguments)))
        except JsException as raised:
            raise raised._value from raised
        except Exception as raised:
            raise thrown_by_python(raised) from raised

    def description(self) -> str:
        return "function(){}"


class ThisPyProxy(CallablePyProxy):
    """A Python function that gets the object it is called on before its arguments."""

    __slots__ = ()

    def __call__(self, *arguments: Value) -> Value:
        return super().__call__(None, *arguments)

    def called_on(self, this: Value, *arguments: Value) -> Value:
        return super().__call__(this, *arguments)


def _lent(members: Iterator[Any]) -> Iterator[Value]:
    """What JavaScript gets of the members of an iterable, each proxy until the last is passed.

    An iterator that it iterates itself, such as a generator, gives proxies that stay.
    """
    proxies: list[PyProxy] = []
    for member in members:
        value = from_python(member)
        if isinstance(value, PyProxy) and not isinstance(member, JsProxy):
            proxies.append(value)
        yield value
    for proxy in proxies:
        proxy.release(_EXHAUSTED)


def proxy_of(value: Any, *, roundtrip: bool = False) -> PyProxy:
    """A new PyProxy of a Python object."""
    kind = CallablePyProxy if callable(value) else PyProxy
    return kind(value, roundtrip=roundtrip)
