"""Error, its native subclasses and DOMException."""

from __future__ import annotations

import types
from typing import ClassVar, cast

from flarelocal.javascript.assignment import keep
from flarelocal.javascript.attributes import Property
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import Getter, getter, method, static
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value

__all__ = [
    "AggregateError",
    "DOMException",
    "Error",
    "EvalError",
    "PythonError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
]

_CODES = {
    "IndexSizeError": 1,
    "HierarchyRequestError": 3,
    "WrongDocumentError": 4,
    "InvalidCharacterError": 5,
    "NoModificationAllowedError": 7,
    "NotFoundError": 8,
    "NotSupportedError": 9,
    "InUseAttributeError": 10,
    "InvalidStateError": 11,
    "SyntaxError": 12,
    "InvalidModificationError": 13,
    "NamespaceError": 14,
    "InvalidAccessError": 15,
    "TypeMismatchError": 17,
    "SecurityError": 18,
    "NetworkError": 19,
    "AbortError": 20,
    "URLMismatchError": 21,
    "QuotaExceededError": 22,
    "TimeoutError": 23,
    "InvalidNodeTypeError": 24,
    "DataCloneError": 25,
}

_LEGACY_NAMES = (
    "INDEX_SIZE_ERR",
    "DOMSTRING_SIZE_ERR",
    "HIERARCHY_REQUEST_ERR",
    "WRONG_DOCUMENT_ERR",
    "INVALID_CHARACTER_ERR",
    "NO_DATA_ALLOWED_ERR",
    "NO_MODIFICATION_ALLOWED_ERR",
    "NOT_FOUND_ERR",
    "NOT_SUPPORTED_ERR",
    "INUSE_ATTRIBUTE_ERR",
    "INVALID_STATE_ERR",
    "SYNTAX_ERR",
    "INVALID_MODIFICATION_ERR",
    "NAMESPACE_ERR",
    "INVALID_ACCESS_ERR",
    "VALIDATION_ERR",
    "TYPE_MISMATCH_ERR",
    "SECURITY_ERR",
    "NETWORK_ERR",
    "ABORT_ERR",
    "URL_MISMATCH_ERR",
    "QUOTA_EXCEEDED_ERR",
    "TIMEOUT_ERR",
    "INVALID_NODE_TYPE_ERR",
    "DATA_CLONE_ERR",
)
"""The names of the codes 1 to 25, as the class has them."""


def _property(name: str) -> Getter:
    """What a program may assign, which makes it the error's own."""

    def read(error: Value) -> Value:
        return getattr(error, name)

    def write(error: Value, value: Value) -> None:
        setattr(error, name, value)
        error.properties[name] = value

    return getter(read).setter(write)


class Error(Builtin):
    """Errors, which are `JsError`s."""

    __slots__ = ()

    constants: ClassVar[dict[str, Value]] = {"stackTraceLimit": 10}

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        message = "" if not arguments or arguments[0] is None else to_string(arguments[0])
        options = arguments[1] if len(arguments) > 1 else None
        cause = options.get("cause") if isinstance(options, dict) else None
        return JsError(message, name=cls.js_name, cause=cause)

    @staticmethod
    @static
    def capture_stack_trace(target: Value, constructor: Value = None) -> None:
        """Without effect: stacks are Python's."""

    @staticmethod
    @static
    def is_error(value: Value = None) -> bool:
        return isinstance(value, JsError)

    name = _property("name")
    message = _property("message")
    cause = _property("cause")

    @getter
    def stack(self: Value) -> str:
        return f"{self}\n    at <anonymous>"

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return str(self)


def _error_type(name: str) -> type[Error]:
    body = {"__slots__": (), "__module__": __name__}
    made = types.new_class(name, (Error,), {"js_name": name}, lambda space: space.update(body))
    return cast("type[Error]", made)


EvalError = _error_type("EvalError")
RangeError = _error_type("RangeError")
ReferenceError = _error_type("ReferenceError")
SyntaxError = _error_type("SyntaxError")
TypeError = _error_type("TypeError")
URIError = _error_type("URIError")
PythonError = _error_type("PythonError")


class AggregateError(Error):
    """Several errors in one."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        errors, message, *_ = (*arguments, None, None)
        text = "" if message is None else to_string(message)
        return AggregateError.of(list(iterate(errors)), text)

    @staticmethod
    def of(errors: list[Value], message: str) -> JsError:
        made = JsError(message, name="AggregateError")
        keep(made, "errors", Property(errors, enumerable=False))
        return made


class DOMException(Error):
    """Errors of the web platform, told apart by `name`."""

    __slots__ = ()

    constants: ClassVar[dict[str, Value]] = {
        name: code for code, name in enumerate(_LEGACY_NAMES, 1)
    }

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        message, name = (*map(to_string, arguments[:2]), *["", "Error"][len(arguments) :])
        return JsError(message, name=name, constructor_name="DOMException")

    @getter
    def name(self: Value) -> Value:
        return self.name

    @getter
    def message(self: Value) -> Value:
        return self.message

    @getter
    def code(self: Value) -> int:
        return _CODES.get(self.name, 0)
