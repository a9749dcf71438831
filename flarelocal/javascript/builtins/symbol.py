"""Symbol."""

from __future__ import annotations

from typing import ClassVar

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import getter, method, static
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Symbol, Value

__all__ = ["SymbolType"]

_WELL_KNOWN = (
    "asyncDispose",
    "asyncIterator",
    "dispose",
    "hasInstance",
    "isConcatSpreadable",
    "iterator",
    "match",
    "matchAll",
    "replace",
    "search",
    "species",
    "split",
    "toPrimitive",
    "toStringTag",
    "unscopables",
)

_shared: dict[str, Symbol] = {}


class SymbolType(Builtin, js_name="Symbol"):
    """Unique values."""

    __slots__ = ()

    constants: ClassVar[dict[str, Value]] = {name: Symbol(f"Symbol.{name}") for name in _WELL_KNOWN}

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        return Symbol(to_string(arguments[0]) if arguments and arguments[0] is not None else "")

    @staticmethod
    @static(name="for")
    def for_(key: str) -> Symbol:
        return _shared.setdefault(key, Symbol(key))

    @staticmethod
    @static
    def key_for(symbol: Value = None) -> Value:
        if not isinstance(symbol, Symbol):
            raise type_error(f"{to_string(symbol)} is not a symbol")
        return symbol.description if _shared.get(symbol.description) is symbol else None

    @getter
    def description(self: Value) -> Value:
        return self.description

    @method
    def value_of(self: Value) -> Value:
        return self

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return f"Symbol({self.description})"
