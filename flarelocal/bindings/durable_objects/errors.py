"""From the engine's errors to those that Worker code sees."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar, cast

from flarelocal.durable_objects.errors import DurableObjectError, ObjectResetError
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.pyodide.python_error import python_error

__all__ = ["js_error", "translated", "translating"]

F = TypeVar("F", bound=Callable[..., Any])
H = TypeVar("H", bound=type[HostObject])


def js_error(error: DurableObjectError) -> JsError:
    """The same error with the properties that the runtime gives it (workerd, jsg/util.c++)."""
    properties: dict[str, Value] = {}
    if error.retryable:
        properties["retryable"] = True
    if error.overloaded:
        properties["overloaded"] = True
    if error.durable_object_reset:
        properties["durableObjectReset"] = True
    cause = error.cause if isinstance(error, ObjectResetError) else error
    if isinstance(cause, DurableObjectError):
        return JsError(cause.message, name=cause.name, properties=properties)
    seen = _seen(cause)
    return JsError(
        seen.message,
        name=seen.name,
        constructor_name="Error" if seen.name == "PythonError" else seen.constructor_name,
        cause=seen.cause,
        properties={**seen.properties, **properties},
    )


def _seen(cause: BaseException) -> JsError:
    if isinstance(cause, JsError):
        return cause
    return JsError(to_string(cause.value)) if isinstance(cause, Thrown) else python_error(cause)


def translated(function: F) -> F:
    """Have a function raise JsError where the engine raises its own errors."""

    @functools.wraps(function)
    def wrapper(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except DurableObjectError as error:
            raise js_error(error) from None

    return cast("F", wrapper)


def translating(kind: H) -> H:
    """A class decorator: what JavaScript sees of the class raises JsError, as of `translated`."""
    kind.members = MappingProxyType(
        {
            name: replace(member, function=translated(member.function))
            if name not in _inherited(kind)
            else member
            for name, member in kind.members.items()
        }
    )
    return kind


def _inherited(kind: type[HostObject]) -> set[str]:
    base = kind.__mro__[1]
    known = base.members if issubclass(base, HostObject) else {}
    return {name for name in known if kind.members[name] is known[name]}
