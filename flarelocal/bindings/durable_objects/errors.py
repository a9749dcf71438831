"""From the engine's errors to those that Worker code sees."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value

__all__ = ["js_error", "translated"]

P = ParamSpec("P")
T = TypeVar("T")


def js_error(error: DurableObjectError) -> JsError:
    """The same error with the properties that the runtime gives it (workerd, jsg/util.c++)."""
    properties: dict[str, Value] = {}
    if error.retryable:
        properties["retryable"] = True
    if error.overloaded:
        properties["overloaded"] = True
    if error.durable_object_reset:
        properties["durableObjectReset"] = True
    return JsError(error.message, name=error.name, properties=properties)


def translated(function: Callable[P, T]) -> Callable[P, T]:
    """Have a method raise JsError where the engine raises its own errors."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except DurableObjectError as error:
            raise js_error(error) from None

    return wrapper
