"""ArrayBuffers and views of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableSequence
from typing import Any

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.sequence import JsArray, as_index, count_of, index_of, place_of

__all__ = [
    "BufferProxy",
    "JsBuffer",
    "JsTypedArray",
    "TypedArrayProxy",
]


class JsBuffer(JsProxy, public_name="JsBuffer"):
    __slots__ = ()


class JsTypedArray(JsBuffer, JsArray, public_name="JsTypedArray"):
    __slots__ = ()


class BufferProxy(JsBuffer):
    """The methods of ArrayBuffers and views; subclassed with their members by `host_proxy`."""

    __slots__ = ()

    @property
    def _bytes(self) -> memoryview:
        value = self._value
        if isinstance(value, BufferView):
            return value.memory
        assert isinstance(value, ArrayBuffer)
        return memoryview(value.data)

    def to_bytes(self) -> bytes:
        return bytes(self._bytes)

    def to_memoryview(self) -> memoryview:
        """A copy of the memory, in the format of the array."""
        return memoryview(bytearray(self._bytes)).cast(getattr(self._value, "format", "B"))

    def to_string(self, encoding: str | None = None) -> str:
        """The text of the bytes, by an encoding that TextDecoder knows.

        Raises:
            ValueError: the bytes are no text of the encoding.
            JsException: RangeError, there is no such encoding.
        """
        from flarelocal.javascript.web.encoding import TextDecoder

        label = "utf-8" if encoding is None else encoding
        try:
            decoder = TextDecoder(label, {"fatal": True, "ignoreBOM": True})
            return decoder.decode(self._value)
        except JsError as refused:
            if refused.name != "TypeError":
                raise JsException._of_error(refused) from None
        raise ValueError(f"Failed to decode Javascript TypedArray as {encoding or 'utf8'}")

    def to_file(self, file: Any) -> None:
        """Write the bytes to an open file of the system, past its Python buffer."""
        os.write(file.fileno(), self._bytes)

    def from_file(self, file: Any) -> None:
        """Fill the buffer from an open file of the system."""
        os.readv(file.fileno(), [_writable(self._value)])

    def assign(self, data: Any) -> None:
        """Copy `data`, of the same length, into the buffer.

        Raises:
            ValueError: the length is another, or the members are of another size.
        """
        source = _contiguous(data)
        target = _writable(self._value)
        if source.nbytes != target.nbytes:
            raise ValueError(
                f"cannot assign to TypedArray of length {source.nbytes}"
                f" from buffer of length {target.nbytes}"
            )
        self._require_size(source)
        target[:] = source.cast("B")

    def assign_to(self, target: Any) -> None:
        """Copy the buffer into `target`, of the same length.

        Raises:
            BufferError: `target` cannot be written to.
            ValueError: the length is another, or the members are of another size.
        """
        written = _contiguous(target)
        if written.readonly:
            raise BufferError("Object is not writable.")
        if written.nbytes != self._bytes.nbytes:
            raise ValueError(
                f"cannot assign from TypedArray of length {self._bytes.nbytes}"
                f" to buffer of length {written.nbytes}"
            )
        self._require_size(written)
        written.cast("B")[:] = self._bytes

    def _require_size(self, memory: memoryview) -> None:
        size = getattr(self._value, "item_size", None)
        if size is not None and size != memory.itemsize:
            raise ValueError("TypedArray and memorybuffer have incompatible formats")


class TypedArrayProxy(BufferProxy, JsTypedArray):
    """A typed array: a sequence that neither grows nor shrinks, and has no slices."""

    __slots__ = ()

    def __len__(self) -> int:
        return int(self._value.length)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            raise NotImplementedError("Slice subscripting isn't implemented for typed arrays")
        return to_python(self._value.at_index(place_of(index, len(self))))

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            raise NotImplementedError("Slice assignment isn't implemented for typed arrays")
        number = as_index(index)
        place = number + len(self) if number < 0 else number
        if not 0 <= place < len(self):
            return
        try:
            self._value.put(place, from_python(value))
        except JsError as refused:
            raise JsException._of_error(refused) from None

    def __delitem__(self, index: Any) -> None:
        raise TypeError("object doesn't support item deletion")

    def __contains__(self, value: Any) -> bool:
        return from_python(value) in list(self._value.iterate())

    def __reversed__(self) -> Iterator[Any]:
        return map(to_python, reversed(list(self._value.iterate())))

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        return index_of(list(self._value.iterate()), value, start, stop)

    def count(self, value: Any) -> int:
        return count_of(list(self._value.iterate()), value)

    def reverse(self) -> None:
        for place, member in enumerate(reversed(list(self._value.iterate()))):
            self._value.put(place, member)


MutableSequence.register(TypedArrayProxy)


def _contiguous(data: Any) -> memoryview:
    try:
        return memoryview(data)
    except TypeError as refused:
        raise TypeError(str(refused).removeprefix("memoryview: ")) from None


def _writable(value: Value) -> memoryview:
    if isinstance(value, BufferView):
        return value.writable_memory
    return memoryview(value.writable())
