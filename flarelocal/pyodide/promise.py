"""Promises that Python comes by other than as the result of a call, which is a PyodideFuture."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from flarelocal.javascript.builtins.promise import Promise
from flarelocal.javascript.values import Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.future import future_of
from flarelocal.pyodide.properties import OpaqueProxy
from flarelocal.pyodide.proxy import JsProxy

__all__ = ["JsPromise", "PromiseProxy"]


class JsPromise(JsProxy, public_name="JsPromise", parameters=1):
    """The kind of promises."""

    __slots__ = ()


class PromiseProxy(JsPromise, OpaqueProxy, of_one_kind=True):
    """A promise as a property, a member of an array, an argument, or what `new` gave."""

    __slots__ = ("_value",)

    def __await__(self) -> Generator[Any, None, Any]:
        return future_of(self._value).__await__()

    def then(self, on_fulfilled: Any = None, on_rejected: Any = None, /) -> Any:
        """The promise of what one of the functions makes of the outcome."""
        fulfilled = from_python(on_fulfilled)
        if not profile.current().then_keeps_results:
            fulfilled = _Handle(fulfilled)
        rejected = _nothing if on_rejected is None else from_python(on_rejected)
        return to_python(Promise.then(self._value, fulfilled, rejected))

    def catch(self, on_rejected: Any, /) -> Any:
        return to_python(Promise.then(self._value, _nothing, from_python(on_rejected)))

    def finally_(self, on_finally: Any, /) -> Any:
        return to_python(Promise.finally_(self._value, from_python(on_finally)))


def _nothing(_: Value) -> None:
    """What Pyodide hands the outcome to for which there is no function: it gets lost."""


class _Handle:
    """What Pyodide has a promise call in place of a function (`create_promise_handles`)."""

    __slots__ = ("_function",)

    def __init__(self, function: Value) -> None:
        self._function = function

    def __call__(self, value: Value) -> Value:
        if not callable(self._function):
            return None
        try:
            self._function(value)
        except Exception:
            return -1
        return 0
