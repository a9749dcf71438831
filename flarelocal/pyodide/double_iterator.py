"""What proxies of Python iterators have as iterators of JavaScript."""

from __future__ import annotations

from typing import Any

from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.iteration import JsAsyncIterator, JsIterator

__all__ = ["AsyncIteratorDouble", "GeneratorDouble", "IteratorDouble"]


def _result(value: Any, *, done: bool) -> Any:
    found: dict[str, Value] = {"value": from_python(value), "done": done}
    return to_python(found)


class IteratorDouble(JsIterator):
    """The proxy of an iterator."""

    __slots__ = ()

    def __next__(self) -> Any:
        return to_python(from_python(next(self._target())))

    def next(self, value: Any = None) -> Any:
        """The next member, or what a generator returned in the end."""
        target = self._target()
        try:
            member = next(target) if value is None else target.send(value)
        except StopIteration as end:
            return _result(end.value, done=True)
        return _result(member, done=False)

    def _target(self) -> Any:
        proxy: Any = self
        return proxy.unwrap()


class GeneratorDouble(IteratorDouble):
    """The proxy of a generator."""

    __slots__ = ()

    def send(self, value: Any, /) -> Any:
        return to_python(from_python(self._target().send(value)))

    def return_(self, value: Any = None) -> Any:
        self._target().close()
        return _result(value, done=True)


class AsyncIteratorDouble(JsAsyncIterator):
    """The proxy of an async iterator."""

    __slots__ = ()

    async def next(self, *_: Any) -> Any:
        proxy: Any = self
        try:
            return _result(await anext(proxy), done=False)
        except StopAsyncIteration:
            return _result(None, done=True)

    async def return_(self, value: Any = None) -> Any:
        proxy: Any = self
        close = getattr(proxy.unwrap(), "aclose", None)
        if close is not None:
            await close()
        return _result(value, done=True)
