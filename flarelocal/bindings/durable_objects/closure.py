"""Functions of the program that a host object calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.values import Value
from flarelocal.pyodide.python_error import python_error
from flarelocal.pyodide.suspension import Suspendable

__all__ = ["settled"]


def settled(closure: Callable[..., Value], *arguments: Value) -> Awaitable[Value]:
    """Call an async function of the program.

    Raises:
        JsError: what it threw; an exception of Python has become a PythonError by then.
    """

    async def call() -> Value:
        try:
            result = closure(*arguments)
            awaitable = awaitable_of(result)
            return result if awaitable is None else await awaitable
        except (JsError, Thrown, DurableObjectError):
            raise
        except Exception as error:
            raise python_error(error) from error

    return Suspendable(call())
