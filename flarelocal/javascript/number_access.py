"""The methods by which a DataView reads and writes numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flarelocal.javascript.errors import range_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.values import Value

__all__ = ["NumberAccess"]

_SIZES = {
    "Int8": 1,
    "Uint8": 1,
    "Int16": 2,
    "Uint16": 2,
    "Int32": 4,
    "Uint32": 4,
    "Float32": 4,
    "Float64": 8,
    "BigInt64": 8,
    "BigUint64": 8,
}
"""Kind of number → how many bytes it has."""


def _array(kind: str) -> Any:
    from flarelocal.javascript.binary import VIEW_TYPES

    return VIEW_TYPES[f"{kind}Array"]


def _place(offset: Value, size: int, length: int) -> slice:
    start = to_integer(offset)
    if not 0 <= start <= length - size:
        raise range_error("Offset is outside the bounds of the DataView")
    return slice(start, start + size)


def _reading(kind: str, size: int) -> Callable[..., Value]:
    @method(name=f"get{kind}")
    def read(self: Any, offset: Value = None, little_endian: Value = None) -> Value:
        memory = self.memory
        data = bytes(memory[_place(offset, size, len(memory))])
        return _array(kind).of_bytes(data if to_boolean(little_endian) else data[::-1]).at_index(0)

    return read


def _writing(kind: str, size: int) -> Callable[..., None]:
    @method(name=f"set{kind}")
    def write(
        self: Any, offset: Value = None, value: Value = None, little_endian: Value = None
    ) -> None:
        number = _array(kind)(1)
        number.put(0, value)
        data = bytes(number.memory)
        memory = self.writable_memory
        place = _place(offset, size, len(memory))
        memory[place] = data if to_boolean(little_endian) else data[::-1]

    return write


class NumberAccess(HostObject):
    """`getInt8` to `setBigUint64` over `memory` and `writable_memory`."""

    __slots__ = ()

    for _kind, _size in _SIZES.items():
        vars()[f"get_{_kind}"] = _reading(_kind, _size)
        vars()[f"set_{_kind}"] = _writing(_kind, _size)
    del _kind, _size
