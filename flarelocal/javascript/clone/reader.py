"""From bytes to values."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, BufferView, TypedArray
from flarelocal.javascript.clone import tags
from flarelocal.javascript.clone.delegate import Delegate
from flarelocal.javascript.clone.host import HOST_READERS
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.numbers import number, number_to_string
from flarelocal.javascript.objects import has_index_keys, in_property_order
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.values import BigInt, Boxed, Value, hole, null

__all__ = ["Reader"]

_double = struct.Struct("<d").unpack_from
_LONGEST_SPARSE_ARRAY: Final = 2**25

_VIEW_NAMES: Final = {tag: name for name, tag in tags.VIEW_TAGS.items()}
_ERROR_NAMES: Final = {tag: name for name, tag in tags.ERROR_TAGS.items()}


class _Damaged(ValueError):
    """The bytes cannot be."""


class Reader:
    """Reads one value."""

    __slots__ = ("_at", "_data", "_delegate", "_objects", "_transferred", "_version")

    def __init__(
        self,
        data: bytes,
        delegate: Delegate | None = None,
        *,
        transferred: Sequence[ArrayBuffer] = (),
    ) -> None:
        self._data = data
        self._at = 0
        self._version = tags.OLDEST_VERSION
        self._objects: list[Value] = []
        self._delegate = delegate
        self._transferred = transferred

    def root(self) -> Value:
        """The value.

        Raises:
            JsError: Error where the bytes are damaged or of another version.
        """
        try:
            if self._data[0] == tags.HEADER:
                self._at = 1
                self._version = self.varint()
                if not tags.OLDEST_VERSION <= self._version <= tags.VERSION:
                    raise error(
                        "Unable to deserialize cloned data due to invalid or unsupported version."
                    )
            return self.value()
        except (LookupError, ValueError, struct.error, AttributeError, TypeError) as damage:
            raise error("Unable to deserialize cloned data.") from damage
        except RecursionError:
            raise error("Unable to deserialize cloned data.") from None

    def value(self) -> Value:
        tag = self._data[self._at]
        self._at += 1
        return _READERS[tag](self)

    def varint(self) -> int:
        data, at = self._data, self._at
        byte = data[at]
        if byte < 0x80:
            self._at = at + 1
            return byte
        at += 1
        result = byte & 0x7F
        shift = 7
        while byte >= 0x80:
            byte = data[at]
            at += 1
            result |= (byte & 0x7F) << shift
            shift += 7
        self._at = at
        return result

    def sized(self) -> bytes:
        """Bytes after their number."""
        start = self._at
        size = self._data[start]
        if size >= 0x80:
            return self._take(self.varint())
        start += 1
        self._at = end = start + size
        if end > len(self._data):
            raise _Damaged
        return self._data[start:end]

    def _take(self, size: int) -> bytes:
        start = self._at
        self._at = end = start + size
        if end > len(self._data):
            raise _Damaged
        return self._data[start:end]

    def _double(self) -> float:
        (result,) = _double(self._data, self._at)
        self._at += 8
        return number(result) if result.is_integer() else result

    def _reserve(self) -> int:
        """The number of an object that is not made yet."""
        self._objects.append(None)
        return len(self._objects) - 1

    def _expect(self, count: int) -> None:
        if self.varint() != count:
            raise _Damaged

    def _ends(self, tag: int) -> bool:
        """Whether this tag comes next; it is read then."""
        while self._data[self._at] == tags.PADDING:
            self._at += 1
        if self._data[self._at] != tag:
            return False
        self._at += 1
        return True

    def _padding(self) -> Value:
        return self.value()

    def _int32(self) -> int:
        byte = self._data[self._at]
        if byte < 0x80:
            self._at += 1
        else:
            byte = self.varint()
        return -(byte >> 1) - 1 if byte & 1 else byte >> 1

    def _bigint(self) -> BigInt:
        field = self.varint()
        digits = int.from_bytes(self._take(field >> 1), "little")
        return BigInt(-digits if field & 1 else digits)

    def _one_byte_text(self) -> str:
        return self.sized().decode("latin-1")

    def _two_byte_text(self) -> str:
        return self.sized().decode("utf-16-le", "surrogatepass")

    def _utf8_text(self) -> str:
        return self.sized().decode("utf-8", "replace")

    def _reference(self) -> Value:
        return self._viewed(self._objects[self.varint()])

    def _object(self) -> dict[str, Value]:
        made: dict[str, Value] = {}
        place = len(self._objects)
        self._objects.append(made)
        if self._properties(made, tags.END_OBJECT) and has_index_keys(made):
            ordered = in_property_order(made)
            made.clear()
            made.update(ordered)
            self._objects[place] = made
        return made

    def _properties(self, made: dict[str, Value], end: int) -> bool:
        """Read properties up to the end tag; tells whether there was an index among them."""
        indices = False
        count = 0
        data, read = self._data, _READERS
        while True:
            at = self._at
            tag = data[at]
            size = data[at + 1]
            if tag == tags.ONE_BYTE_STRING and size < 0x80:
                at += 2
                key = data[at : at + size].decode("latin-1")
                at += size
            elif tag == end:
                self._at = at + 1
                break
            else:
                name = self.value()
                at = self._at
                indices = indices or not isinstance(name, str)
                key = name if isinstance(name, str) else number_to_string(name)
            self._at = at + 1
            made[key] = read[data[at]](self)
            count += 1
        self._expect(count)
        return indices

    def _dense_array(self) -> list[Value]:
        length = self.varint()
        if length > len(self._data) - self._at:
            raise _Damaged
        made: list[Value] = []
        self._objects.append(made)
        data, read = self._data, _READERS
        for _ in range(length):
            at = self._at
            self._at = at + 1
            made.append(read[data[at]](self))
        self._array_properties(made, tags.END_DENSE_ARRAY)
        return made

    def _sparse_array(self) -> list[Value]:
        length = self.varint()
        if length > _LONGEST_SPARSE_ARRAY:
            raise _Damaged
        made: list[Value] = [hole] * length
        self._objects.append(made)
        self._array_properties(made, tags.END_SPARSE_ARRAY)
        return made

    def _array_properties(self, made: list[Value], end: int) -> None:
        """An array here has members only: properties of other names are dropped."""
        properties: dict[str, Value] = {}
        self._properties(properties, end)
        self._expect(len(made))
        for key, member in properties.items():
            if key.isdigit() and int(key) < len(made):
                made[int(key)] = member

    def _map(self) -> Map:
        made = Map()
        self._objects.append(made)
        count = 0
        while not self._ends(tags.END_MAP):
            key = self.value()
            made.set(key, self.value())
            count += 2
        self._expect(count)
        return made

    def _set(self) -> Set:
        made = Set()
        self._objects.append(made)
        count = 0
        while not self._ends(tags.END_SET):
            made.add(self.value())
            count += 1
        self._expect(count)
        return made

    def _date(self) -> Date:
        made = Date.__new__(Date)
        made.time_ms = self._double()
        self._objects.append(made)
        return made

    def _regexp(self) -> RegExp:
        place = self._reserve()
        source = self.value()
        bits = self.varint()
        flags = "".join(sorted(flag for flag, bit in tags.REGEXP_FLAGS.items() if bits & bit))
        self._objects[place] = made = RegExp.of(source, flags)
        return made

    def _boxed(self, value: Value) -> Boxed:
        self._objects.append(made := Boxed(value))
        return made

    def _boxed_text(self) -> Boxed:
        place = self._reserve()
        self._objects[place] = made = Boxed(self.value())
        return made

    def _array_buffer(self) -> Value:
        made = ArrayBuffer.of(self.sized())
        self._objects.append(made)
        return self._viewed(made)

    def _resizable_array_buffer(self) -> Value:
        size = self.varint()
        self.varint()
        made = ArrayBuffer.of(self._take(size))
        self._objects.append(made)
        return self._viewed(made)

    def _transferred_array_buffer(self) -> Value:
        made = self._transferred[self.varint()]
        self._objects.append(made)
        return self._viewed(made)

    def _viewed(self, value: Value) -> Value:
        """The view that comes right after its buffer, or the value itself."""
        if not isinstance(value, ArrayBuffer) or self._at >= len(self._data):
            return value
        return self._view(value) if self._ends(tags.VIEW) else value

    def _view(self, buffer: ArrayBuffer) -> BufferView:
        kind = VIEW_TYPES[_VIEW_NAMES[self._data[self._at]]]
        self._at += 1
        offset, length = self.varint(), self.varint()
        if self._version >= tags.VERSION_WITH_VIEW_FLAGS:
            self.varint()
        size = kind.item_size if issubclass(kind, TypedArray) else 1
        if offset + length > len(buffer.data) or offset % size or length % size:
            raise _Damaged
        made = kind.__new__(kind)
        BufferView.__init__(made, buffer, offset, length)
        self._objects.append(made)
        return made

    def _error(self) -> JsError:
        made = JsError()
        self._objects.append(made)
        while not self._ends(tags.END_ERROR):
            tag = self._data[self._at]
            self._at += 1
            if tag == tags.ERROR_MESSAGE:
                made.message = self.value()
            elif tag == tags.ERROR_CAUSE:
                made.cause = self.value()
            elif tag == tags.ERROR_STACK:
                made.stack = self.value()
            else:
                made.name = made.constructor_name = _ERROR_NAMES[tag]
        return made

    def _host_object(self) -> Value:
        place = self._reserve()
        tag = self.varint()
        read = HOST_READERS.get(tag)
        if read:
            made = read(self)
        elif self._delegate:
            made = self._delegate.load(tag, self.sized())
        else:
            raise _Damaged
        self._objects[place] = made
        return made


_Read: TypeAlias = Callable[[Reader], Value]

_READERS: Final[dict[int, _Read]] = {
    tags.PADDING: Reader._padding,
    tags.UNDEFINED: lambda reader: None,
    tags.NULL: lambda reader: null,
    tags.TRUE: lambda reader: True,
    tags.FALSE: lambda reader: False,
    tags.INT32: Reader._int32,
    tags.UINT32: Reader.varint,
    tags.DOUBLE: Reader._double,
    tags.BIGINT: Reader._bigint,
    tags.ONE_BYTE_STRING: Reader._one_byte_text,
    tags.TWO_BYTE_STRING: Reader._two_byte_text,
    tags.UTF8_STRING: Reader._utf8_text,
    tags.REFERENCE: Reader._reference,
    tags.OBJECT: Reader._object,
    tags.DENSE_ARRAY: Reader._dense_array,
    tags.SPARSE_ARRAY: Reader._sparse_array,
    tags.HOLE: lambda reader: hole,
    tags.DATE: Reader._date,
    tags.TRUE_OBJECT: lambda reader: reader._boxed(True),
    tags.FALSE_OBJECT: lambda reader: reader._boxed(False),
    tags.NUMBER_OBJECT: lambda reader: reader._boxed(reader._double()),
    tags.BIGINT_OBJECT: lambda reader: reader._boxed(reader._bigint()),
    tags.STRING_OBJECT: Reader._boxed_text,
    tags.REGEXP: Reader._regexp,
    tags.MAP: Reader._map,
    tags.SET: Reader._set,
    tags.ARRAY_BUFFER: Reader._array_buffer,
    tags.RESIZABLE_ARRAY_BUFFER: Reader._resizable_array_buffer,
    tags.TRANSFERRED_ARRAY_BUFFER: Reader._transferred_array_buffer,
    tags.ERROR: Reader._error,
    tags.HOST_OBJECT: Reader._host_object,
}
