"""Arguments: from what JavaScript passes to what a Python function is annotated with.

A function of a host class may say `name: str` or `body: Blob` instead of `Value`. Its arguments are
then converted, or refused, before it is called, with the words of the runtime (workerd,
jsg/util.c++). An annotation `Annotated[Value, "…"]` converts nothing and gives the type the name
that a refusal shows; `Annotated[str, "…"]` and `Annotated[Options, "…"]` convert as well. A class
which the function's module knows, and which is `FromJavaScript`, makes itself of the value.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, NoReturn, Protocol, TypeAlias

from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.numbers import to_int32, to_number
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Symbol, Value, null

__all__ = [
    "NO_OPTIONS",
    "BufferSource",
    "FromJavaScript",
    "Options",
    "USVString",
    "converting",
    "function_of",
    "properties_of",
    "refused",
    "to_boolean",
    "usv_string",
]

USVString: TypeAlias = Annotated[str, "USVString"]
"""A text without lone surrogates; they become U+FFFD."""

BufferSource: TypeAlias = Value
"""An ArrayBuffer or a view of one."""

Options: TypeAlias = dict[str, Value]
"""The properties of an object that holds options; none for undefined and null."""

NO_OPTIONS: Options = {}


class FromJavaScript(Protocol):
    """A class that makes itself of an argument.

    Class attributes:
        js_type: what a refusal calls it where the argument is missing.
    """

    js_type: ClassVar[str]

    @classmethod
    def from_javascript(cls, value: Value) -> Any: ...


_NAMED = re.compile(r"""Annotated\[(\w+), ["'](.*)["']\]""")

_Converter = Callable[[Value], Any]
_Refusal = Callable[[int, str], JsError]


def usv_string(value: Value) -> str:
    """The text of a value, with U+FFFD for each lone surrogate."""
    text = to_string(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def properties_of(value: Value) -> Options | None:
    """The readable properties of an object; None for a value that is no object."""
    if isinstance(value, dict):
        return value
    if value is None or value is null:
        return NO_OPTIONS
    from flarelocal.javascript.collections import LiteralMap
    from flarelocal.javascript.host import HostObject

    if isinstance(value, LiteralMap):
        return {key: member for key, member in value.items() if isinstance(key, str)}
    if isinstance(value, HostObject):
        return value.own_properties()
    return None if isinstance(value, str | bool | int | float | Symbol) else NO_OPTIONS


def function_of(options: Options, name: str, owner: str) -> Callable[..., Value] | None:
    """A function among the properties of an options object; None where it is not given.

    Args:
        owner: the name of the type of the object.

    Raises:
        JsError: TypeError for what is no function.
    """
    function = options.get(name)
    if function is not None and not callable(function):
        raise type_error(
            f"Incorrect type for the '{name}' field on '{owner}': the provided value is not of type"
            " 'function'."
        )
    return function


def converting(
    function: Callable[..., Any], owner: str, member: str, *, skip: int
) -> Callable[..., Any] | None:
    """`function` with converted arguments; None where none needs to be converted.

    Args:
        owner: the name of the class.
        member: the name of the method; "" for the constructor.
        skip: how many parameters come before those that JavaScript passes.
    """
    annotations = function.__annotations__
    code = function.__code__
    parameters = code.co_varnames[skip : code.co_argcount]
    takes_rest = bool(code.co_flags & inspect.CO_VARARGS)
    if all(annotations.get(parameter, "Value") == "Value" for parameter in parameters):
        return None
    refusal = _refusal(owner, member)
    resolved = [
        _resolve(
            annotations.get(parameter, "Value").removesuffix(" | None"),
            index,
            refusal,
            function.__globals__,
        )
        for index, parameter in enumerate(parameters)
    ]
    names = [name for name, _ in resolved]
    converters = [converter for _, converter in resolved]
    defaults = function.__defaults__ or ()
    required = len(parameters) - len(defaults)
    for index, default in enumerate(defaults, required):
        converters[index] = _optional(converters[index], default)
    least, most = skip + required, skip + len(converters)

    def refuse(given: int) -> NoReturn:
        raise refusal(given - skip, names[given - skip])

    def counted(*arguments: Any) -> Any:
        if len(arguments) < least:
            refuse(len(arguments))
        return function(*arguments) if takes_rest else function(*arguments[:most])

    def converted(*arguments: Any) -> Any:
        made = [c(value) for c, value in zip(converters, arguments[skip:], strict=False)]
        if len(arguments) < least:
            refuse(len(arguments))
        rest = arguments[most:] if takes_rest else ()
        return function(*arguments[:skip], *made, *rest)

    return counted if all(converter is _same for converter in converters) else converted


def _refusal(owner: str, member: str) -> _Refusal:
    return lambda index, expected: refused(owner, member, index, expected)


def refused(owner: str, member: str, index: int, expected: str) -> JsError:
    """The TypeError for an argument of the wrong type.

    Args:
        owner: the name of the class.
        member: the name of the method; "" for the constructor.
        index: of the argument, from 0.
        expected: the name of the type.
    """
    if member:
        place = f"Failed to execute '{member}' on '{owner}': parameter {index + 1}"
    else:
        place = f"Failed to construct '{owner}': constructor parameter {index + 1}"
    return type_error(f"{place} is not of type '{expected}'.")


def _optional(converter: _Converter, default: Any) -> _Converter:
    if converter is _same and default is None:
        return converter
    return lambda value: default if value is None else converter(value)


def _resolve(
    annotation: str, index: int, refusal: _Refusal, scope: Mapping[str, Any]
) -> tuple[str, _Converter]:
    """The name and the converter of an annotation.

    Args:
        scope: the names of the function's module.
    """
    if named := _NAMED.fullmatch(annotation):
        kind, name = named.groups()
        return name, _object(index, refusal, name) if kind == "Options" else _KNOWN[kind][1]
    known = _KNOWN.get(annotation)
    if known:
        return known
    if annotation == "list[str]":
        return "Array", _texts(index, refusal)
    if annotation == "Options":
        return "Object", _object(index, refusal)
    if annotation == "BufferSource":
        return annotation, _buffer_source(index, refusal)
    if annotation.startswith("Callable"):
        return "function", _function(index, refusal)
    kind = scope.get(annotation)
    if kind is not None and hasattr(kind, "from_javascript"):
        return kind.js_type, kind.from_javascript
    return annotation, _instance(annotation, index, refusal)


def _same(value: Value) -> Value:
    return value


_KNOWN: dict[str, tuple[str, _Converter]] = {
    "Value": ("Value", _same),
    "str": ("string", to_string),
    "USVString": ("USVString", usv_string),
    "int": ("integer", to_int32),
    "float": ("number", to_number),
    "bool": ("boolean", lambda value: to_boolean(value)),
}


def to_boolean(value: Value) -> bool:
    """What `Boolean(value)` gives."""
    if isinstance(value, str | bool | int | float) or value is None or value is null:
        return bool(value) and value == value
    return True


def _object(index: int, refusal: _Refusal, name: str = "Object") -> _Converter:
    def convert(value: Value) -> Options:
        properties = properties_of(value)
        if properties is None:
            raise refusal(index, name)
        return properties

    return convert


def _texts(index: int, refusal: _Refusal) -> _Converter:
    def convert(value: Value) -> list[str]:
        if not isinstance(value, list):
            raise refusal(index, "Array")
        return [to_string(item) for item in value]

    return convert


def _function(index: int, refusal: _Refusal) -> _Converter:
    def convert(value: Value) -> Value:
        if not callable(value):
            raise refusal(index, "function")
        return value

    return convert


def _buffer_source(index: int, refusal: _Refusal) -> _Converter:
    def convert(value: Value) -> Value:
        from flarelocal.javascript.binary import is_buffer_source

        if not is_buffer_source(value):
            raise refusal(index, "BufferSource")
        return value

    return convert


def _instance(name: str, index: int, refusal: _Refusal) -> _Converter:
    def convert(value: Value) -> Value:
        if not any(getattr(kind, "js_name", None) == name for kind in type(value).__mro__):
            raise refusal(index, name)
        return value

    return convert
