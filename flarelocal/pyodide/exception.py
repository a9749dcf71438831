"""JavaScript errors as Python raises and sees them."""

from __future__ import annotations

from typing import Any

from flarelocal.javascript.errors import JsError, Thrown, is_native
from flarelocal.javascript.text import tag, typeof
from flarelocal.javascript.values import Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import outgoing, to_python
from flarelocal.pyodide.proxy import _ABSENT, JsProxy

__all__ = ["ConversionError", "InternalError", "JsException", "unwrap_error"]


class _ErrorProperties(JsProxy):
    """The properties of an error."""

    __slots__ = ()

    @property
    def name(self) -> Any:
        return to_python(self._value.name)

    @property
    def message(self) -> Any:
        return to_python(self._value.message)

    @property
    def stack(self) -> str:
        stack: str | None = self._value.stack
        return f"{self._value}\n    at <anonymous>" if stack is None else stack

    def toString(self) -> str:
        return str(self._value)

    def _property(self, name: str) -> Value:
        from flarelocal.pyodide.properties import inherited

        if name == "cause":
            return _ABSENT if self._value.cause is None else self._value.cause
        found = self._value.properties.get(name, _ABSENT)
        return inherited(self._value, name) if found is _ABSENT else found


class ErrorProxy(_ErrorProperties):
    """A JavaScript error as the argument of its exception: nothing that can be raised."""

    __slots__ = ("_value",)


class JsException(_ErrorProperties, Exception, public_name="JsException"):
    """A JavaScript error; an Exception and a JsProxy at once."""

    def __new__(cls, name: str, message: str = "", stack: str = "") -> JsException:
        error = JsError(message, name=name)
        if not (is_native(name) and profile.current().native_errors):
            error.constructor_name = "Error"
            error.properties["name"] = name
        error.stack = stack
        return cls._of_error(error)

    def __init__(self, *args: Any) -> None:
        """The arguments are those of `__new__`."""

    @classmethod
    def _of_error(cls, error: JsError | Thrown) -> JsException:
        if isinstance(error, Thrown):
            error = JsError(_text_of(error.value), properties={"error": error.value})
        made: JsException = Exception.__new__(cls)
        object.__setattr__(made, "_value", error)
        made.args = (ErrorProxy._of(error),)
        return made

    def __reduce__(self) -> Any:
        return JsException, (self.name, self.message, self.stack)

    @property
    def js_error(self) -> JsException:
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        # Python itself assigns these while the exception travels.
        if name.startswith("__") or name == "args":
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)


def _text_of(thrown: Value) -> str:
    """What the error says that stands for a value which is none."""
    if isinstance(thrown, str):
        return thrown
    return f"A value of type {typeof(thrown)} with tag {tag(thrown)} was thrown as an error!"


class ConversionError(Exception):
    """A value that `to_js` or `to_py` cannot convert."""


class InternalError(Exception):
    """Never raised by flarelocal; Pyodide has the name."""


for _error in (ConversionError, InternalError):
    _error.__module__ = "pyodide.ffi"

outgoing[JsError] = JsException._of_error


def unwrap_error(error: BaseException) -> BaseException:
    """What JavaScript-land sees of an exception that Python code raised."""
    return error._value if isinstance(error, JsException) else error
