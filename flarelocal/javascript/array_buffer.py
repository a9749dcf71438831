"""ArrayBuffer."""

from __future__ import annotations

from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.host import HostObject, getter, method, static
from flarelocal.javascript.numbers import to_place
from flarelocal.javascript.values import Value

__all__ = ["LARGEST_BUFFER", "ArrayBuffer", "place_range"]

LARGEST_BUFFER = 2**33
"""How many bytes an ArrayBuffer has at most."""


class ArrayBuffer(HostObject, constructible=True):
    """A block of bytes.

    `data` may be immutable (`bytes`) as long as nobody writes: `writable` copies it then.
    """

    __slots__ = ("_maximum", "data", "detached")

    def __init__(self, length: Value = 0, options: Value = None) -> None:
        size = _size(length, "array buffer length")
        largest = options.get("maxByteLength") if isinstance(options, dict) else None
        self._maximum: int | None = None
        if largest is not None:
            self._maximum = _size(largest, "array buffer max length")
            if size > self._maximum:
                raise range_error("Invalid array buffer max length")
        self.data: bytes | bytearray | memoryview = bytearray(size)
        self.detached = False

    @classmethod
    def of(cls, data: bytes | bytearray | memoryview) -> ArrayBuffer:
        """A buffer of these bytes, which are not copied."""
        made = cls.__new__(cls)
        made.data = data
        made.detached = False
        made._maximum = None
        return made

    def writable(self) -> bytearray | memoryview:
        """The bytes, for writing."""
        if isinstance(self.data, bytes) or (
            isinstance(self.data, memoryview) and self.data.readonly
        ):
            self.data = bytearray(self.data)
        return self.data

    def detach(self) -> None:
        """Give the bytes away: the buffer is empty from now on."""
        self.data = b""
        self.detached = True

    @getter
    def byte_length(self) -> int:
        return len(self.data)

    @getter(name="detached")
    def is_detached(self) -> bool:
        return self.detached

    @getter
    def max_byte_length(self) -> int:
        return len(self.data) if self._maximum is None or self.detached else self._maximum

    @getter
    def resizable(self) -> bool:
        return self._maximum is not None

    @method
    def resize(self, length: Value = None) -> None:
        if self._maximum is None:
            raise type_error(
                "Method ArrayBuffer.prototype.resize called on incompatible receiver #<ArrayBuffer>"
            )
        size = to_place(length)
        if not 0 <= size <= self._maximum:
            raise range_error("ArrayBuffer.prototype.resize: Invalid length parameter")
        self.data = bytearray(bytes(self.data)[:size].ljust(size, b"\0"))

    @method
    def transfer_to_fixed_length(self, length: Value = None) -> ArrayBuffer:
        return self.transfer(length)

    @method
    def transfer(self, length: Value = None) -> ArrayBuffer:
        data = bytes(self.data)
        size = len(data) if length is None else _size(length, "array buffer length")
        self.detach()
        return ArrayBuffer.of(bytearray(data[:size].ljust(size, b"\0")))

    @method
    def slice(self, begin: Value = 0, end: Value = None) -> ArrayBuffer:
        start, stop = place_range(begin, end, len(self.data))
        return ArrayBuffer.of(bytes(self.data[start:stop]))

    @staticmethod
    @static
    def is_view(value: Value) -> bool:
        from flarelocal.javascript.binary import BufferView

        return isinstance(value, BufferView)


def _size(value: Value, what: str) -> int:
    size = to_place(value)
    if not 0 <= size <= LARGEST_BUFFER:
        raise range_error(f"Invalid {what}")
    return size


def place_range(begin: Value, end: Value, length: int) -> tuple[int, int]:
    """Where a part begins and ends; what is negative counts from the end."""
    start = to_place(begin)
    stop = length if end is None else to_place(end)
    start = max(0, length + start) if start < 0 else min(start, length)
    stop = max(0, length + stop) if stop < 0 else min(stop, length)
    return start, max(start, stop)
