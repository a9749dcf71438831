"""Function."""

from __future__ import annotations

from flarelocal.javascript.array_like import argument_list
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import Builtin, HostFunction
from flarelocal.javascript.host import getter, method
from flarelocal.javascript.properties import length_of
from flarelocal.javascript.prototype import with_receiver
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

    @getter
    def length(self: Value) -> int:
        return length_of(self)

    @method(name="call")
    def call_method(self: Value, this: Value = None, *arguments: Value) -> Value:
        return with_receiver(self, this)(*arguments)

    @method
    def apply(self: Value, this: Value = None, arguments: Value = None) -> Value:
        if arguments is None or arguments is null:
            return with_receiver(self, this)()
        return with_receiver(self, this)(*argument_list(arguments))

    @method
    def bind(self: Value, this: Value = None, *bound: Value) -> Value:
        target = with_receiver(self, this)

        def function(*arguments: Value) -> Value:
            return target(*bound, *arguments)

        return HostFunction(f"bound {getattr(self, '__name__', '')}", function)

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(self)
