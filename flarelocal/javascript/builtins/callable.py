"""Function."""

from __future__ import annotations

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import getter, method
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["Function"]


class Function(Builtin):
    """Functions, which are callables of JavaScript values."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        raise JsError("Code generation from strings disallowed for this context", name="EvalError")

    @getter
    def name(self: Value) -> Value:
        return getattr(self, "__name__", "")

    @method(name="call")
    def call_method(self: Value, this: Value = None, *arguments: Value) -> Value:
        return self(*arguments)

    @method
    def apply(self: Value, this: Value = None, arguments: Value = None) -> Value:
        return self(*([] if arguments is None or arguments is null else arguments))

    @method
    def bind(self: Value, this: Value = None, *bound: Value) -> Value:
        return lambda *arguments: self(*bound, *arguments)

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(self)
