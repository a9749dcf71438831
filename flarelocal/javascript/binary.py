"""The views of an ArrayBuffer."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, ClassVar, Self, cast

from flarelocal.javascript.array_buffer import LARGEST_BUFFER, ArrayBuffer, place_range
from flarelocal.javascript.array_like import members_of_any
from flarelocal.javascript.array_methods import ArrayMethods
from flarelocal.javascript.byte_texts import ByteMethods
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.host import HostObject, getter, method, static
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.number_access import NumberAccess
from flarelocal.javascript.numbers import (
    number,
    number_to_string,
    to_big_int,
    to_integer,
    to_length,
    to_number,
    to_place,
)
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Value, null

__all__ = [
    "VIEW_TYPES",
    "ArrayBuffer",
    "BufferView",
    "DataView",
    "TypedArray",
    "Uint8Array",
    "bytes_of",
    "is_buffer_source",
]


class BufferView(HostObject):
    """A window of an ArrayBuffer: base of the typed arrays and of DataView."""

    __slots__ = ("_buffer", "_length", "_offset")

    item_size: ClassVar[int] = 1
    """How many bytes an element has."""

    def __init__(self, buffer: ArrayBuffer, offset: int = 0, length: int | None = None) -> None:
        self._buffer = buffer
        self._offset = offset
        self._length = len(buffer.data) - offset if length is None else length

    @property
    def memory(self) -> memoryview:
        """The bytes of the window, for reading."""
        if self._buffer.detached:
            return memoryview(b"")
        return memoryview(self._buffer.data)[self._offset : self._offset + self._length].cast("B")

    @property
    def writable_memory(self) -> memoryview:
        """The bytes of the window, for writing."""
        return memoryview(self._buffer.writable())[self._offset : self._offset + self._length]

    def window(self, length: int) -> Self:
        """The first `length` bytes, in a view of the same kind."""
        return self._over(self._buffer, self._offset, length)

    def rest(self, skipped: int) -> BufferView:
        """What comes after some bytes: a Uint8Array whose buffer, one of its own, shares them."""
        buffer = ArrayBuffer.of(self._buffer.writable())
        return Uint8Array._over(buffer, self._offset + skipped, self._length - skipped)

    def transfer(self) -> Self:
        """The same view of a new buffer that has the bytes; the old buffer is detached."""
        offset, length = int(self.byte_offset), int(self.byte_length)
        buffer = ArrayBuffer.of(self._buffer.writable())
        self._buffer.detach()
        return self._over(buffer, offset, length)

    @classmethod
    def _over(cls, buffer: ArrayBuffer, offset: int, length: int) -> Self:
        made = cls.__new__(cls)
        BufferView.__init__(made, buffer, offset, length)
        return made

    @getter
    def byte_length(self) -> int:
        return 0 if self._buffer.detached else self._length

    @getter
    def byte_offset(self) -> int:
        return 0 if self._buffer.detached else self._offset

    @getter
    def buffer(self) -> ArrayBuffer:
        return self._buffer


class TypedArray(BufferView, ArrayMethods):
    """Numbers of one kind in a buffer."""

    __slots__ = ()

    format: ClassVar[Any] = "B"
    """The kind of number, as in the `struct` module."""

    def __init__(self, source: Value = 0, offset: Value = None, length: Value = None) -> None:
        size = self.item_size
        if isinstance(source, ArrayBuffer):
            start = to_place(offset)
            if start % size:
                raise range_error(f"start offset of {self.js_name} should be a multiple of {size}")
            rest = len(source.data) - start
            if rest < 0:
                raise range_error(f"Start offset {start} is outside the bounds of the buffer")
            taken = rest if length is None else to_place(length) * size
            if not 0 <= taken <= rest:
                raise range_error(f"Invalid typed array length: {to_place(length)}")
            if taken % size:
                raise range_error(f"byte length of {self.js_name} should be a multiple of {size}")
            super().__init__(source, start, taken)
            return
        if source is None or source is null or isinstance(source, bool | int | float | str):
            count = to_length(0 if source is None else source, "typed array length")
            if count > MAX_SAFE_INTEGER:
                raise range_error(f"Invalid typed array length: {number_to_string(float(count))}")
            if count * size > LARGEST_BUFFER:
                raise range_error("Array buffer allocation failed")
            super().__init__(ArrayBuffer.of(bytearray(count * size)))
            return
        members = list(iterate(source))
        super().__init__(ArrayBuffer.of(bytearray(len(members) * size)))
        for index, member in enumerate(members):
            self.put(index, member)

    @classmethod
    def of_bytes(cls, data: bytes | bytearray | memoryview) -> TypedArray:
        """An array over these bytes, which are not copied."""
        made = cls.__new__(cls)
        BufferView.__init__(made, ArrayBuffer.of(data))
        return made

    @getter
    def length(self) -> int:
        return int(self.byte_length) // self.item_size

    @getter(name="BYTES_PER_ELEMENT")
    def bytes_per_element(self) -> int:
        return self.item_size

    def at_index(self, index: int) -> Value:
        """The member at a place, which must exist."""
        return self._from_item(self.memory.cast(self.format)[index])

    def put(self, index: int, value: Value) -> None:
        """Write a member, converted as JavaScript does (numbers wrap around)."""
        self.writable_memory.cast(self.format)[index] = self._to_item(value)

    def _from_item(self, item: Any) -> Value:
        return number(item) if isinstance(item, float) else item

    def _to_item(self, value: Value) -> Any:
        bits = 8 * self.item_size
        wrapped = to_integer(value) & ((1 << bits) - 1)
        return wrapped - (1 << bits) if self.format.islower() and wrapped >> (bits - 1) else wrapped

    def own_properties(self) -> dict[str, Value]:
        members = {str(index): member for index, member in enumerate(self.iterate())}
        return members | super().own_properties()

    def iterate(self) -> Iterator[Value]:
        return (self._from_item(item) for item in self.memory.cast(self.format))

    @method
    def values(self) -> Iterator[Value]:
        return NamedIterator.of("Array Iterator", self.iterate())

    @method
    def slice(self, begin: Value = 0, end: Value = None) -> TypedArray:
        start, stop = place_range(begin, end, self.length)
        return self.of_bytes(bytearray(self.memory[start * self.item_size : stop * self.item_size]))

    @method
    def subarray(self, begin: Value = 0, end: Value = None) -> TypedArray:
        start, stop = place_range(begin, end, self.length)
        made = type(self).__new__(type(self))
        size = self.item_size
        BufferView.__init__(made, self._buffer, self._offset + start * size, (stop - start) * size)
        return made

    @method
    def set(self, source: Value, offset: Value = 0) -> None:
        start = to_integer(offset)
        members = list(iterate(source))
        if start + len(members) > self.length:
            raise range_error("offset is out of bounds")
        for index, member in enumerate(members, start):
            self.put(index, member)

    @method
    def fill(self, value: Value, begin: Value = 0, end: Value = None) -> TypedArray:
        start, stop = place_range(begin, end, self.length)
        for index in range(start, stop):
            self.put(index, value)
        return self

    @method
    def at(self, index: Value) -> Value:
        place = to_integer(index)
        place += self.length if place < 0 else 0
        return self.at_index(place) if 0 <= place < self.length else None

    @method
    def keys(self) -> Iterator[Value]:
        return NamedIterator.of("Array Iterator", range(self.length))

    @method
    def includes(self, value: Value) -> bool:
        return value in list(self.iterate())

    @method
    def to_locale_string(self) -> str:
        from flarelocal.javascript.locale import locale_text

        return ",".join(map(locale_text, self.iterate()))

    @method(name="toString")
    def to_string_method(self) -> str:
        return self.to_js_string()

    def to_js_string(self) -> str:
        from flarelocal.javascript.text import to_string

        return ",".join(map(to_string, self.iterate()))


class _FloatArray(TypedArray):
    __slots__ = ()

    def _to_item(self, value: Value) -> Any:
        return float(to_number(value))


class _BigArray(TypedArray):
    __slots__ = ()

    def _from_item(self, item: Any) -> Value:
        return BigInt(item)

    def _to_item(self, value: Value) -> Any:
        wrapped = int(to_big_int(value)) & (2**64 - 1)
        return wrapped - 2**64 if self.format == "q" and wrapped >> 63 else wrapped


class _ByteArray(ByteMethods, TypedArray):
    __slots__ = ()


class _ClampedArray(TypedArray):
    __slots__ = ()

    def _to_item(self, value: Value) -> Any:
        number = to_number(value)
        return 0 if number != number else max(0, min(255, round(number)))


def _view_type(
    name: str, format: str, size: int, base: type[TypedArray] = TypedArray
) -> type[TypedArray]:
    def of(*members: Value) -> TypedArray:
        return made(list(members))

    def from_(source: Value, function: Value = None) -> TypedArray:
        members = members_of_any(source)
        if function is None:
            return made(list(members))
        return made([function(member, index) for index, member in enumerate(members)])

    body = {
        "__slots__": (),
        "__module__": __name__,
        "constants": {"BYTES_PER_ELEMENT": size},
        "format": format,
        "from_": staticmethod(static(from_)),
        "item_size": size,
        "of": staticmethod(static(of)),
    }
    made = cast(
        "type[TypedArray]",
        types.new_class(
            name,
            (base,),
            {"js_name": name, "constructible": True},
            lambda space: space.update(body),
        ),
    )
    return made


Uint8Array = _view_type("Uint8Array", "B", 1, _ByteArray)

VIEW_TYPES: dict[str, type[BufferView]] = {
    "Int8Array": _view_type("Int8Array", "b", 1),
    "Uint8Array": Uint8Array,
    "Uint8ClampedArray": _view_type("Uint8ClampedArray", "B", 1, _ClampedArray),
    "Int16Array": _view_type("Int16Array", "h", 2),
    "Uint16Array": _view_type("Uint16Array", "H", 2),
    "Int32Array": _view_type("Int32Array", "i", 4),
    "Uint32Array": _view_type("Uint32Array", "I", 4),
    "Float32Array": _view_type("Float32Array", "f", 4, _FloatArray),
    "Float64Array": _view_type("Float64Array", "d", 8, _FloatArray),
    "BigInt64Array": _view_type("BigInt64Array", "q", 8, _BigArray),
    "BigUint64Array": _view_type("BigUint64Array", "Q", 8, _BigArray),
}


class DataView(BufferView, NumberAccess, constructible=True):
    """Reads and writes numbers of any kind at any place of a buffer."""

    __slots__ = ()

    def __init__(self, buffer: Value, offset: Value = 0, length: Value = None) -> None:
        if not isinstance(buffer, ArrayBuffer):
            raise type_error("First argument to DataView constructor must be an ArrayBuffer")
        start, size = to_place(offset), len(buffer.data)
        if not 0 <= start <= size:
            raise range_error(f"Start offset {start} is outside the bounds of the buffer")
        taken = size - start if length is None else to_place(length)
        if not 0 <= taken <= size - start:
            raise range_error(f"Invalid DataView length {taken}")
        super().__init__(buffer, start, taken)


VIEW_TYPES["DataView"] = DataView


def is_buffer_source(value: Value) -> bool:
    return isinstance(value, ArrayBuffer | BufferView)


def bytes_of(value: Value) -> bytes:
    """A copy of the bytes of an ArrayBuffer or a view.

    Raises:
        JsError: TypeError where the value is neither.
    """
    if isinstance(value, ArrayBuffer):
        return bytes(value.data)
    if isinstance(value, BufferView):
        return bytes(value.memory)
    raise type_error("The value is not an ArrayBuffer or a view of one.")
