"""String."""

from __future__ import annotations

from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import getter, method, static
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Boxed, Symbol, Value

__all__ = ["String"]


class String(Builtin):
    """Texts; Python code uses the methods of `str` on them."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        return Boxed(cls.call(*arguments))

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        if not arguments:
            return ""
        value = arguments[0]
        return f"Symbol({value.description})" if isinstance(value, Symbol) else to_string(value)

    @staticmethod
    @static
    def from_char_code(*codes: Value) -> str:
        units = b"".join((to_integer(code) & 0xFFFF).to_bytes(2, "big") for code in codes)
        return units.decode("utf-16-be", "surrogatepass")

    @staticmethod
    @static
    def from_code_point(*points: Value) -> str:
        return "".join(chr(to_integer(point)) for point in points)

    @getter
    def length(self: Value) -> int:
        return len(to_string(self).encode("utf-16-be", "surrogatepass")) // 2

    @method
    def value_of(self: Value) -> Value:
        return to_string(self)

    @method
    def to_lower_case(self: Value) -> str:
        return to_string(self).lower()

    @method
    def to_upper_case(self: Value) -> str:
        return to_string(self).upper()

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(self)
