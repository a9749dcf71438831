"""ArrayBuffers and views of them."""

from __future__ import annotations

from typing import Any

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.sequence import JsArray

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
        return memoryview(bytes(self._bytes)).cast(getattr(self._value, "format", "B"))

    def to_string(self, encoding: str | None = None) -> str:
        return bytes(self._bytes).decode(encoding or "utf-8")

    def to_file(self, file: Any) -> None:
        file.write(self.to_bytes())

    def assign(self, data: Any) -> None:
        """Copy `data`, of the same length, into the buffer."""
        _writable(self._value)[:] = memoryview(data).cast("B")

    def assign_to(self, target: Any) -> None:
        """Copy the buffer into `target`, of the same length."""
        memoryview(target).cast("B")[:] = self._bytes

    def from_file(self, file: Any) -> None:
        file.readinto(_writable(self._value))


class TypedArrayProxy(BufferProxy, JsTypedArray):
    __slots__ = ()

    def __len__(self) -> int:
        return int(self._value.length)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return to_python(list(self._value.iterate())[index])
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return to_python(self._value.at_index(place))

    def __setitem__(self, index: int, value: Any) -> None:
        self._value.put(index + len(self) if index < 0 else index, from_python(value))

    def __contains__(self, value: Any) -> bool:
        return from_python(value) in list(self._value.iterate())


def _writable(value: Value) -> memoryview:
    if isinstance(value, BufferView):
        return value.writable_memory
    return memoryview(value.writable())
