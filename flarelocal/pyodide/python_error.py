"""Exceptions of Python code as JavaScript sees them."""

from __future__ import annotations

from flarelocal.javascript.errors import JsError
from flarelocal.pyodide.traceback import format_error

__all__ = ["exception_behind", "python_error", "thrown_by_python"]

_HEADING = "Traceback (most recent call last):\n"


def python_error(error: BaseException) -> JsError:
    """The error that stands for an exception where it can no longer be raised itself."""
    text = format_error(error)
    made = JsError(
        text if text.startswith(_HEADING) else _HEADING + text,
        name="PythonError",
        constructor_name="Error",
    )
    made.__cause__ = error
    return made


def thrown_by_python(error: BaseException) -> JsError:
    """The same within the Worker, which can tell the type of the exception."""
    made = python_error(error)
    if not made.message.startswith(_HEADING + "  "):
        # Nothing of the Worker was called: there is nothing to trace back.
        made.message = made.message.removeprefix(_HEADING)
    made.constructor_name = "PythonError"
    made.properties["type"] = type(error).__name__
    return made


def exception_behind(error: BaseException) -> BaseException:
    """The exception that an error of this module stands for; any other error itself."""
    stands_in = isinstance(error, JsError) and error.name == "PythonError"
    return error.__cause__ or error if stands_in else error
