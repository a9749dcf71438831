"""The memory of Python's buffers in the hands of JavaScript."""

from __future__ import annotations

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, BufferView, DataView, TypedArray
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, getter, method

__all__ = ["PyBufferView", "typed_array"]


class PyBufferView(HostObject, js_name="PyBufferView"):
    """The memory of a Python buffer, shared with JavaScript.

    Args:
        kind: the array to make of it (`u8`, `f64`, `dataview`, …); None for that of its format.

    Raises:
        JsError: there is no such kind.
    """

    __slots__ = ("_array", "_memory")

    def __init__(self, memory: memoryview, kind: str | None = None) -> None:
        self._memory = memory
        self._array = _array_of_kind(memory, kind) if kind else typed_array(memory, copy=False)

    @getter(own=True)
    def offset(self) -> int:
        return 0

    @getter(own=True)
    def readonly(self) -> int:
        return int(self._memory.readonly)

    @getter(own=True)
    def format(self) -> str:
        return self._memory.format

    @getter(own=True)
    def itemsize(self) -> int:
        return self._memory.itemsize

    @getter(own=True)
    def ndim(self) -> int:
        return self._memory.ndim

    @getter(own=True)
    def nbytes(self) -> int:
        return self._memory.nbytes

    @getter(own=True)
    def shape(self) -> list[int]:
        return list(self._memory.shape or ())

    @getter(own=True)
    def strides(self) -> list[int]:
        """How many members, not bytes, lie between two of each dimension."""
        return [step // self._memory.itemsize for step in self._memory.strides or ()]

    @getter(own=True)
    def data(self) -> BufferView:
        return self._array

    @getter(name="c_contiguous", own=True)
    def c_contiguous(self) -> int:
        return int(self._memory.c_contiguous)

    @getter(name="f_contiguous", own=True)
    def f_contiguous(self) -> int:
        return int(self._memory.f_contiguous)

    @method
    def release(self) -> None:
        """Without effect: what JavaScript kept of the buffer stays readable."""


def typed_array(memory: memoryview, *, copy: bool) -> BufferView:
    """The typed array of a buffer's format; bytes for formats that JavaScript lacks."""
    wanted = _FORMATS.get(memory.format, memory.format)
    kind = next(
        (
            kind
            for kind in VIEW_TYPES.values()
            if issubclass(kind, TypedArray) and kind.format == wanted
        ),
        VIEW_TYPES["Uint8Array"],
    )
    flat = _flat(memory)
    assert issubclass(kind, TypedArray)
    return kind.of_bytes(bytearray(flat) if copy else flat)


def _array_of_kind(memory: memoryview, kind: str) -> BufferView:
    name = _KINDS.get(kind)
    if name is None:
        raise error(f"Unknown type {kind}")
    array = VIEW_TYPES[name]
    flat = _flat(memory)
    return array.of_bytes(flat) if issubclass(array, TypedArray) else DataView(ArrayBuffer.of(flat))


def _flat(memory: memoryview) -> memoryview:
    return memory.cast("B") if memory.contiguous else memoryview(memory.tobytes())


_FORMATS = {"l": "q", "L": "Q", "c": "B", "?": "B"}
_KINDS = {
    "i8": "Int8Array",
    "u8": "Uint8Array",
    "u8clamped": "Uint8ClampedArray",
    "i16": "Int16Array",
    "u16": "Uint16Array",
    "i32": "Int32Array",
    "u32": "Uint32Array",
    "i64": "BigInt64Array",
    "u64": "BigUint64Array",
    "f32": "Float32Array",
    "f64": "Float64Array",
    "dataview": "DataView",
}
