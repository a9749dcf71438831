"""What proxies of Python functions have as functions of JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flarelocal.javascript.array_like import argument_list
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.promise import run, settle
from flarelocal.javascript.properties import own_properties
from flarelocal.javascript.text import typeof
from flarelocal.javascript.values import Value, null
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.calling import JsCallable, call
from flarelocal.pyodide.pyproxy import CallablePyProxy, ThisPyProxy

__all__ = ["FunctionDouble"]


class FunctionDouble(JsCallable):
    """The proxy of a function."""

    __slots__ = ()

    _value: CallablePyProxy

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return _call(self._value, arguments, options)

    def call(self, this: Any = None, /, *arguments: Any, **options: Any) -> Any:
        return _call(self._value.called_on, (this, *arguments), options)

    def apply(self, this: Any = None, arguments: Any = None, /) -> Any:
        def function(this: Value, members: Value) -> Value:
            given = () if members is None or members is null else argument_list(members)
            return self._value.called_on(this, *given)

        return _call(function, (this, arguments), {})

    def bind(self, this: Any = None, /, *arguments: Any) -> Any:
        """The function with its first arguments given."""
        return _proxy(partial(self.call, this, *arguments))

    def captureThis(self) -> Any:
        """The function, which from now on gets the object it is called on first."""
        return to_python(ThisPyProxy(self._value.unwrap(), roundtrip=True))

    def callKwargs(self, *arguments: Any) -> Any:
        """Call the function; the last argument is an object of the keyword arguments."""
        return _call(self._called_with_names, arguments, {})

    def callPromising(self, *arguments: Any) -> Any:
        """Call the function for the promise of what it returns; it may use `run_sync`."""

        def function(*values: Value) -> Value:
            return run(settle(self._value.promised(*values)))

        return _call(function, arguments, {})

    def _called_with_names(self, *arguments: Value) -> Value:
        if not arguments:
            raise type_error(
                "callKwargs requires at least one argument (the key word argument object)"
            )
        *positional, names = arguments
        if typeof(names) != "object" or names is null or not isinstance(names, dict):
            raise type_error("kwargs argument is not an object")
        options = {name: to_python(value) for name, value in own_properties(names).items()}
        return CallablePyProxy(partial(self._value.unwrap(), **options))(*positional)


def _proxy(function: Callable[..., Any]) -> Any:
    return to_python(CallablePyProxy(function, roundtrip=True))


def _call(function: Callable[..., Value], arguments: tuple[Any, ...], options: Any) -> Any:
    return call(function, (), arguments, options, promise=False, required=0, maximum=None)
