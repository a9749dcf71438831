"""From values to bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

from flarelocal.javascript.attributes import Accessor
from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.clone import tags
from flarelocal.javascript.clone.delegate import Delegate
from flarelocal.javascript.clone.host import host_writer, write_host_error
from flarelocal.javascript.clone.refusal import refusal
from flarelocal.javascript.collections import LiteralMap, Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, dom_exception, range_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.objects import has_index_keys, in_property_order, is_index
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.values import BigInt, Boxed, Hole, JsNull, Value

__all__ = ["Writer"]

_HEADER: Final = bytes((tags.HEADER, tags.VERSION))
_double = struct.Struct("<d").pack
_INT32_END: Final = 2**31
_CACHED_KEY_LENGTH: Final = 64


def _varint(number: int) -> bytes:
    if number < 0x80:
        return bytes((number,))
    made = bytearray()
    while number >= 0x80:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def _int32(number: int) -> bytes:
    return b"I" + _varint(number * 2 if number >= 0 else -number * 2 - 1)


_SMALL: Final = {number: _int32(number) for number in range(-128, 1024)}


class Writer:
    """Writes one value.

    Attributes:
        out: the bytes so far.
    """

    __slots__ = ("_delegate", "_enhanced_errors", "_ids", "_kept", "_transfer", "out")

    def __init__(
        self,
        delegate: Delegate | None = None,
        *,
        transfer: Sequence[ArrayBuffer] = (),
        enhanced_errors: bool = True,
    ) -> None:
        self.out = bytearray(_HEADER)
        self._ids: dict[int, int] = {}
        self._kept: list[Value] = []
        self._delegate = delegate
        self._transfer = transfer
        self._enhanced_errors = enhanced_errors

    def root(self, value: Value) -> None:
        """Write the value with all that it contains.

        Raises:
            JsError: DataCloneError where something cannot be cloned.
        """
        try:
            _WRITERS[type(value)](self, value)
        except RecursionError:
            raise range_error("Maximum call stack size exceeded") from None

    def value(self, value: Value) -> None:
        _WRITERS[type(value)](self, value)

    def varint(self, number: int) -> None:
        if number < 0x80:
            self.out.append(number)
        else:
            self.out += _varint(number)

    def sized(self, data: bytes | bytearray | memoryview) -> None:
        """Bytes after their number."""
        self.varint(len(data))
        self.out += data

    def double(self, number: float) -> None:
        self.out += _double(number)

    def text(self, text: str) -> None:
        out = self.out
        try:
            data = text.encode("latin-1")
        except UnicodeEncodeError:
            self._wide_text(text)
            return
        out.append(tags.ONE_BYTE_STRING)
        self.varint(len(data))
        out += data

    def members(self, properties: dict[str, Value]) -> None:
        """A plain object, past the check whether it was written before."""
        out = self.out
        out.append(tags.OBJECT)
        if has_index_keys(properties):
            properties = in_property_order(properties)
        for key, member in properties.items():
            if len(key) <= _CACHED_KEY_LENGTH and (known := _key(key)):
                out += known
            else:
                self.text(key)
            _WRITERS[type(member)](self, member)
        out.append(tags.END_OBJECT)
        self.varint(len(properties))

    def temporary(self, made: Value) -> None:
        """A value that was made for the purpose."""
        self._kept.append(made)
        self.value(made)

    def begin(self, value: Value) -> bool:
        """Give the object its number; False if it has one and a reference to it was written."""
        found = self._ids.get(id(value))
        if found is None:
            self._ids[id(value)] = len(self._ids)
            return True
        self.out.append(tags.REFERENCE)
        self.varint(found)
        return False

    def known(self, value: Value) -> bool:
        """Whether the object has a number."""
        return id(value) in self._ids

    def buffer(self, buffer: ArrayBuffer) -> None:
        if not self.begin(buffer):
            return
        if buffer in self._transfer:
            self.out.append(tags.TRANSFERRED_ARRAY_BUFFER)
            self.varint(self._transfer.index(buffer))
            return
        if buffer.detached:
            raise dom_exception(
                "An ArrayBuffer is detached and could not be cloned.", "DataCloneError"
            )
        self.out.append(tags.ARRAY_BUFFER)
        self.sized(buffer.data)

    def foreign(self, value: Value) -> None:
        """What only the delegate can carry."""
        if not self.begin(value):
            return
        carried = self._delegate.dump(value) if self._delegate else None
        if carried is None:
            raise refusal(value)
        self._kept.append(value)
        self.out.append(tags.HOST_OBJECT)
        self.varint(carried[0])
        self.sized(carried[1])

    def error(self, error: JsError) -> None:
        if not self.begin(error):
            return
        if self._enhanced_errors or error.constructor_name == "DOMException":
            self.out.append(tags.HOST_OBJECT)
            write_host_error(self, error)
            return
        out = self.out
        out.append(tags.ERROR)
        if error.name in tags.ERROR_TAGS:
            out.append(tags.ERROR_TAGS[error.name])
        out.append(tags.ERROR_MESSAGE)
        self.text(error.message)
        if error.cause is not None:
            out.append(tags.ERROR_CAUSE)
            self.value(error.cause)
        if error.stack is not None:
            out.append(tags.ERROR_STACK)
            self.text(error.stack)
        out.append(tags.END_ERROR)

    def carries(self) -> bool:
        """Whether this is for RPC, where instances of classes are no plain objects."""
        return self._delegate is not None

    def _wide_text(self, text: str) -> None:
        data = text.encode("utf-16-le", "surrogatepass")
        size = _varint(len(data))
        if (len(self.out) + 1 + len(size)) % 2:
            self.out.append(tags.PADDING)
        self.out.append(tags.TWO_BYTE_STRING)
        self.out += size
        self.out += data


@lru_cache(maxsize=4096)
def _key(key: str) -> bytes:
    """The bytes of a property name; none where they depend on where they stand."""
    if is_index(key):
        index = int(key)
        return _int32(index) if index < _INT32_END else b"N" + _double(index)
    try:
        data = key.encode("latin-1")
    except UnicodeEncodeError:
        return b""
    return b'"' + _varint(len(data)) + data


def _undefined(writer: Writer, value: None) -> None:
    writer.out.append(tags.UNDEFINED)


def _null(writer: Writer, value: JsNull) -> None:
    writer.out.append(tags.NULL)


def _bool(writer: Writer, value: bool) -> None:
    writer.out.append(tags.TRUE if value else tags.FALSE)


def _int(writer: Writer, value: int) -> None:
    small = _SMALL.get(value)
    if small:
        writer.out += small
    elif -_INT32_END <= value < _INT32_END:
        writer.out += _int32(value)
    else:
        _float(writer, value)


def _float(writer: Writer, value: float) -> None:
    writer.out.append(tags.DOUBLE)
    writer.out += _double(value)


def _bigint(writer: Writer, value: int) -> None:
    writer.out.append(tags.BIGINT)
    _digits(writer, value)


def _digits(writer: Writer, value: int) -> None:
    size = (abs(value).bit_length() + 63) // 64 * 8
    writer.varint(size << 1 | (value < 0))
    writer.out += abs(value).to_bytes(size, "little")


def _object(writer: Writer, value: dict[str, Value]) -> None:
    if writer.begin(value):
        writer.members(value)


def _array(writer: Writer, value: list[Value]) -> None:
    if not writer.begin(value):
        return
    out = writer.out
    out.append(tags.DENSE_ARRAY)
    writer.varint(len(value))
    for member in value:
        _WRITERS[type(member)](writer, member)
    out.append(tags.END_DENSE_ARRAY)
    out.append(0)
    writer.varint(len(value))


def _hole(writer: Writer, value: Hole) -> None:
    writer.out.append(tags.HOLE)


def _map(writer: Writer, value: Map) -> None:
    if not writer.begin(value):
        return
    writer.out.append(tags.MAP)
    entries = value.items()
    for key, member in entries:
        writer.value(key)
        writer.value(member)
    writer.out.append(tags.END_MAP)
    writer.varint(2 * len(entries))


def _set(writer: Writer, value: Set) -> None:
    if not writer.begin(value):
        return
    writer.out.append(tags.SET)
    members = list(value.iterate())
    for member in members:
        writer.value(member)
    writer.out.append(tags.END_SET)
    writer.varint(len(members))


def _date(writer: Writer, value: Date) -> None:
    if writer.begin(value):
        writer.out.append(tags.DATE)
        writer.double(value.time_ms)


def _regexp(writer: Writer, value: RegExp) -> None:
    if writer.begin(value):
        writer.out.append(tags.REGEXP)
        writer.text(value.source)
        writer.varint(sum(tags.REGEXP_FLAGS.get(flag, 0) for flag in value.flags))


def _boxed(writer: Writer, value: Boxed) -> None:
    if not writer.begin(value):
        return
    primitive = value.value
    if isinstance(primitive, bool):
        writer.out.append(tags.TRUE_OBJECT if primitive else tags.FALSE_OBJECT)
    elif isinstance(primitive, BigInt):
        writer.out.append(tags.BIGINT_OBJECT)
        _digits(writer, primitive)
    elif isinstance(primitive, str):
        writer.out.append(tags.STRING_OBJECT)
        writer.text(primitive)
    else:
        writer.out.append(tags.NUMBER_OBJECT)
        writer.double(primitive)


def _view(writer: Writer, value: BufferView) -> None:
    # The buffer goes first, unless the view was written before.
    if not writer.known(value):
        writer.buffer(value.buffer)
    if writer.begin(value):
        writer.out += bytes((tags.VIEW, tags.VIEW_TAGS[value.js_name]))
        writer.varint(value.byte_offset)
        writer.varint(value.byte_length)
        writer.varint(0)


def _instance(writer: Writer, value: Instance) -> None:
    if writer.carries():
        writer.foreign(value)
    elif writer.begin(value):
        writer.members(value.own_properties())


def _host(writer: Writer, value: HostObject) -> None:
    write = host_writer(value)
    if write is None:
        writer.foreign(value)
    elif writer.begin(value):
        writer.out.append(tags.HOST_OBJECT)
        write(writer, value)


_Write: TypeAlias = Callable[[Writer, Any], None]

_BASES: Final[tuple[tuple[type, _Write], ...]] = (
    (type(None), _undefined),
    (JsNull, _null),
    (bool, _bool),
    (BigInt, _bigint),
    (str, Writer.text),
    (int, _int),
    (float, _float),
    (dict, _object),
    (list, _array),
    (Hole, _hole),
    (Accessor, lambda writer, accessor: writer.temporary(accessor.read())),
    (Boxed, _boxed),
    (JsError, Writer.error),
    (Date, _date),
    (RegExp, _regexp),
    (LiteralMap, Writer.foreign),
    (Map, _map),
    (Set, _set),
    (ArrayBuffer, Writer.buffer),
    (BufferView, _view),
    (Instance, _instance),
    (HostObject, _host),
    (object, Writer.foreign),
)


class _ByType(dict[type, _Write]):
    """How to write each type; found once for each."""

    def __missing__(self, kind: type) -> _Write:
        self[kind] = write = next(write for base, write in _BASES if issubclass(kind, base))
        return write


_WRITERS: Final = _ByType()
