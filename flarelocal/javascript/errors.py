"""JavaScript errors: values and, at the same time, what host code raises."""

from __future__ import annotations

from typing import NoReturn

from flarelocal.javascript.values import Value

__all__ = [
    "JsError",
    "Thrown",
    "dom_exception",
    "error",
    "is_native",
    "not_emulated",
    "range_error",
    "syntax_error",
    "throw",
    "type_error",
]

_NATIVE = frozenset(
    {
        "AggregateError",
        "Error",
        "EvalError",
        "RangeError",
        "ReferenceError",
        "SyntaxError",
        "TypeError",
        "URIError",
    }
)


def is_native(name: str) -> bool:
    """Whether a class of the language, `Error` or one of its subclasses, has this name."""
    return name in _NATIVE


class JsError(Exception):
    """An instance of `Error`, of one of its native subclasses, or of `DOMException`.

    Attributes:
        message: the text without the name.
        name: the property `name`.
        constructor_name: the class; differs from `name` where a program set the latter.
        stack: the property `stack`, where one is known.
        properties: own properties beyond name, message, cause and stack.
    """

    def __init__(
        self,
        message: str = "",
        *,
        name: str = "Error",
        constructor_name: str | None = None,
        cause: Value = None,
        properties: dict[str, Value] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.name = name
        self.constructor_name = constructor_name or (name if name in _NATIVE else "Error")
        self.cause = cause
        self.stack: str | None = None
        self.properties: dict[str, Value] = properties if properties is not None else {}

    def __str__(self) -> str:
        """What `String(error)` gives."""
        if not self.name:
            return self.message
        return f"{self.name}: {self.message}" if self.message else self.name


class Thrown(Exception):
    """A thrown value that is no Error."""

    def __init__(self, value: Value) -> None:
        super().__init__(value)
        self.value = value


def throw(value: Value) -> NoReturn:
    """`throw value`, whatever the value is."""
    raise value if isinstance(value, JsError) else Thrown(value)


def error(message: str) -> JsError:
    return JsError(message)


def type_error(message: str) -> JsError:
    return JsError(message, name="TypeError")


def range_error(message: str) -> JsError:
    return JsError(message, name="RangeError")


def syntax_error(message: str) -> JsError:
    return JsError(message, name="SyntaxError")


def dom_exception(message: str, name: str) -> JsError:
    """A `DOMException`, such as DataCloneError, AbortError or InvalidStateError."""
    return JsError(message, name=name, constructor_name="DOMException")


def not_emulated(what: str) -> JsError:
    """What the runtime has and flarelocal does not."""
    return dom_exception(
        f"flarelocal does not emulate {what}; guard the code that needs it, or test it on"
        " Cloudflare.",
        "NotSupportedError",
    )
