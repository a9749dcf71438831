"""The primitive values of JavaScript that Python has no equal of, and what a value is.

In JavaScript-land (this package, `bindings`) a value is:

=============  =====================================================================
undefined      `None`
null           `null`
boolean        `bool`
number         `int` where integral and safe, else `float`
bigint         `BigInt`
string         `str`
symbol         `Symbol`
plain object   `dict` with `str` keys
array          `list`
error          `JsError`, which is also what host code raises
promise        `asyncio.Future` or a coroutine
function       any callable that takes and gives JavaScript values
all else       a `HostObject`
=============  =====================================================================
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias, final

__all__ = [
    "MAX_SAFE_INTEGER",
    "Bare",
    "BigInt",
    "Boxed",
    "Hole",
    "JsNull",
    "Symbol",
    "Value",
    "hole",
    "null",
]

Value: TypeAlias = Any
"""Any JavaScript value, in the representation of the table above."""

MAX_SAFE_INTEGER: Final = 2**53 - 1


@final
class JsNull:
    """The type of `null`; in Python code it goes by the name `pyodide.ffi.jsnull`."""

    __slots__ = ()
    _only: JsNull | None = None

    def __new__(cls) -> JsNull:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "jsnull"

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return JsNull, ()


JsNull.__module__ = "pyodide.ffi"
null: Final = JsNull()


@final
class Bare(dict[str, Value]):
    """A plain object without a prototype, such as `Object.groupBy` gives."""

    __slots__ = ()


@final
class Hole:
    """A place of an array that has no member."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hole>"


hole: Final = Hole()


@final
class BigInt(int):
    """An integer of any size."""

    __slots__ = ()


@final
class Symbol:
    """A unique value with a description."""

    __slots__ = ("description",)

    def __init__(self, description: str = "") -> None:
        self.description = description


@final
class Boxed:
    """A primitive as an object: `new Number(5)`."""

    __slots__ = ("value",)

    def __init__(self, value: bool | float | str | BigInt) -> None:
        self.value = value
