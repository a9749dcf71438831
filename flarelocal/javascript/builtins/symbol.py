"""Symbol."""

from __future__ import annotations

from typing import ClassVar

from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import getter, method, static
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Symbol, Value

__all__ = ["SymbolType"]

_shared: dict[str, Symbol] = {}


class SymbolType(Builtin, js_name="Symbol"):
    """Unique values."""

    __slots__ = ()

    constants: ClassVar[dict[str, Value]] = {
        name: Symbol(f"Symbol.{name}")
        for name in ("iterator", "asyncIterator", "toStringTag", "hasInstance", "dispose")
    }

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        return Symbol(to_string(arguments[0]) if arguments and arguments[0] is not None else "")

    @staticmethod
    @static(name="for")
    def for_(key: str) -> Symbol:
        return _shared.setdefault(key, Symbol(key))

    @getter
    def description(self: Value) -> Value:
        return self.description

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return f"Symbol({self.description})"
