"""The global object `crypto`."""

from __future__ import annotations

import uuid

from flarelocal.javascript.binary import BufferView, DataView, TypedArray
from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.subtle import SubtleCrypto
from flarelocal.javascript.web.entropy import current_entropy

__all__ = ["Crypto"]

_LARGEST_REQUEST = 65536


class Crypto(HostObject):
    """`crypto`."""

    __slots__ = ("_subtle",)

    def __init__(self) -> None:
        self._subtle = SubtleCrypto()

    @getter
    def subtle(self) -> SubtleCrypto:
        return self._subtle

    @getter(name="DigestStream")
    def digest_stream(self) -> Value:
        from flarelocal.javascript.web.crypto.digest_stream import DigestStream

        return constructor_of_class(DigestStream)

    @method(name="randomUUID")
    def random_uuid(self) -> str:
        return str(uuid.UUID(bytes=current_entropy.get()(16), version=4))

    @method
    def get_random_values(self, array: Value) -> Value:
        if not isinstance(array, BufferView):
            raise type_error(
                "Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type"
                " 'ArrayBufferView'."
            )
        floating = isinstance(array, TypedArray) and array.format in "fd"
        if floating or isinstance(array, DataView):
            raise dom_exception(
                "ArrayBufferView argument to getRandomValues() must be an integer-typed view.",
                "TypeMismatchError",
            )
        size = int(array.byte_length)
        if size > _LARGEST_REQUEST:
            raise dom_exception(
                f"getRandomValues() only accepts buffers of size <= 64K but provided {size} bytes.",
                "QuotaExceededError",
            )
        array.writable_memory[:] = current_entropy.get()(size)
        return array
