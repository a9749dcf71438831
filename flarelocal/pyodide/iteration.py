"""Proxies that are iterated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import JsProxy

__all__ = [
    "IteratorProxy",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
]


class JsIterable(JsProxy, public_name="JsIterable", parameters=1):
    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return map(to_python, self._value.iterate())


class JsAsyncIterable(JsProxy, public_name="JsAsyncIterable", parameters=1):
    __slots__ = ()

    def __aiter__(self) -> Any:
        try:
            return to_python(self._value.iterate_async())
        except JsError as error:
            raise JsException._of_error(error) from None


class JsIterator(JsProxy, public_name="JsIterator", parameters=1):
    """An iterator: `next` gives `{done, value}` as in JavaScript."""

    __slots__ = ()

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        try:
            return to_python(next(self._value))
        except JsError as error:
            raise JsException._of_error(error) from None

    def next(self, *_: Any) -> Any:
        """The next member as JavaScript has it; only generators would take a value."""
        try:
            return to_python({"value": next(self._value), "done": False})
        except StopIteration:
            return to_python({"value": None, "done": True})
        except JsError as error:
            raise JsException._of_error(error) from None

    def send(self, value: Any, /) -> Any:
        """The next member; only generators of JavaScript would take the value."""
        return next(self)


class JsAsyncIterator(JsProxy, public_name="JsAsyncIterator", parameters=1):
    """An iterator whose members have to be waited for."""

    __slots__ = ()

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        try:
            return to_python(await anext(self._value))
        except (JsError, Thrown) as error:
            raise JsException._of_error(error) from None

    def asend(self, value: Any, /) -> Any:
        """The next member; only generators of JavaScript would take the value."""
        return anext(self)


class JsAsyncGenerator(JsAsyncIterable, public_name="JsAsyncGenerator", parameters=2):
    __slots__ = ()


class JsGenerator(JsIterable, JsIterator, public_name="JsGenerator", parameters=3):
    __slots__ = ()


class IteratorProxy(JsIterable, JsIterator):
    """A Python iterator of JavaScript-land."""

    __slots__ = ("_value",)

    __iter__ = JsIterator.__iter__

    def _property(self, name: str) -> Value:
        from flarelocal.pyodide.properties import inherited

        return inherited(self._value, name)
