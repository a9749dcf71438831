"""Structured clone in V8's wire format: what is stored, queued and passed by RPC."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.clone.delegate import Delegate
from flarelocal.javascript.clone.reader import Reader
from flarelocal.javascript.clone.writer import Writer
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import Value

__all__ = ["Delegate", "deserialize", "serialize", "structured_clone"]


def serialize(
    value: Value, *, delegate: Delegate | None = None, enhanced_errors: bool = True
) -> bytes:
    """The bytes of a value, in version 15 of the format.

    Args:
        delegate: carries what only RPC can carry.
        enhanced_errors: errors keep their name and properties, as they do since the compatibility
            date 2026-04-21; without, only what V8 itself keeps of them.

    Raises:
        JsError: DataCloneError where the value contains something that cannot be cloned.
    """
    writer = Writer(delegate, enhanced_errors=enhanced_errors)
    writer.root(value)
    return bytes(writer.out)


def deserialize(data: bytes, *, delegate: Delegate | None = None) -> Value:
    """The value of such bytes: of versions 13 to 15, or of version 13 without a header.

    Raises:
        JsError: Error where the bytes are damaged or of another version.
    """
    return Reader(data, delegate).root()


def structured_clone(
    value: Value, transfer: Sequence[Value] = (), *, enhanced_errors: bool = True
) -> Value:
    """A deep copy of a value.

    Args:
        transfer: buffers, or views of them, that move into the copy and are empty afterwards.
        enhanced_errors: see `serialize`.

    Raises:
        JsError: DataCloneError where the value contains something that cannot be cloned;
            TypeError where something else than a buffer is to be moved.
    """
    buffers = [_transferable(item) for item in transfer]
    writer = Writer(transfer=buffers, enhanced_errors=enhanced_errors)
    writer.root(value)
    moved = [ArrayBuffer.of(buffer.data) for buffer in buffers]
    for buffer in buffers:
        buffer.detach()
    return Reader(bytes(writer.out), transferred=moved).root()


def _transferable(item: Value) -> ArrayBuffer:
    if isinstance(item, BufferView):
        buffer: ArrayBuffer = item.buffer
        return buffer
    if isinstance(item, ArrayBuffer):
        return item
    raise type_error("Object is not transferable")
