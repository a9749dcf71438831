"""JsException: a JavaScript error as Python raises and sees it."""

from __future__ import annotations

from typing import Any

from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import outgoing, to_python
from flarelocal.pyodide.proxy import _ABSENT, JsProxy

__all__ = ["ConversionError", "InternalError", "JsException", "unwrap_error"]


class JsException(JsProxy, Exception, public_name="JsException"):
    """A JavaScript error; an Exception and a JsProxy at once."""

    def __new__(cls, name: str, message: str = "", stack: str = "") -> JsException:
        made = cls._of_error(JsError(message, name=name))
        made._value.stack = stack or None
        return made

    def __init__(self, *args: Any) -> None:
        """The arguments are those of `__new__`."""

    @classmethod
    def _of_error(cls, error: JsError | Thrown) -> JsException:
        if isinstance(error, Thrown):
            kind = typeof(error.value)
            text = (
                f"A value of type {kind} with tag {to_string(error.value)} was thrown as an error!"
                if kind == "object"
                else to_string(error.value)
            )
            error = JsError(text, properties={"error": error.value})
        made: JsException = Exception.__new__(cls)
        object.__setattr__(made, "_value", error)
        made.args = (str(error),)
        return made

    def __reduce__(self) -> Any:
        return JsException, (self.name, self.message, self.stack)

    @property
    def name(self) -> Any:
        return to_python(self._value.name)

    @property
    def message(self) -> Any:
        return to_python(self._value.message)

    @property
    def stack(self) -> str:
        return f"{self._value}\n    at <anonymous>"

    def toString(self) -> str:
        return str(self._value)

    @property
    def js_error(self) -> JsException:
        return self

    def _property(self, name: str) -> Value:
        if name == "cause" and self._value.cause is not None:
            return self._value.cause
        return self._value.properties.get(name, _ABSENT)

    def _set_property(self, name: str, value: Value) -> None:
        if name in ("name", "message", "cause"):
            setattr(self._value, name, value)
        else:
            self._value.properties[name] = value

    def _own(self) -> dict[str, Value]:
        return dict(self._value.properties)

    def __setattr__(self, name: str, value: Any) -> None:
        # Python itself assigns these while the exception travels.
        if name.startswith("__") or name == "args":
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)


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
