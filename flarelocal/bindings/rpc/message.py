"""Values on their way to the other side."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import dom_exception, error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import JsNull, Value
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.writable import WritableStream

__all__ = ["ByReference", "passed", "passed_arguments"]

_SIMPLE = frozenset({bool, int, float, type(None), JsNull})
_MOVED = (Request, Response, Headers, ReadableStream, WritableStream, Blob)
_MOST_BYTES = 32 * 1024 * 1024
_NO_RECEIVER = (
    "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must "
    "emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain."
)


class ByReference(HostObject):
    """Base of the objects that stay where they are; the other side gets a stub."""

    __slots__ = ()

    def stub(self, object_id: str | None) -> HostObject:
        """What the other side gets.

        Args:
            object_id: of the Durable Object that the object is part of.
        """
        return self


def passed_arguments(arguments: Sequence[Value]) -> list[Value]:
    """The arguments of a call as they arrive; what they share they share there as well.

    Raises:
        JsError: as of `passed`.
    """
    for argument in arguments:
        if not _is_simple(argument):
            made: list[Value] = passed(list(arguments))
            return made
    return list(arguments)


def passed(value: Value, object_id: str | None = None) -> Value:
    """A value as it arrives on the other side.

    Args:
        object_id: of the Durable Object that sends the value.

    Raises:
        JsError: DataCloneError where it cannot be sent; Error where it is larger than 32 MiB.
    """
    if _is_simple(value):
        return value
    carrier = _Carrier(object_id)
    message = serialize(value, delegate=carrier)
    if len(message) > _MOST_BYTES:
        raise error(
            "Serialized RPC arguments or return values are limited to 32MiB, but the size of this "
            f"value was: {len(message)} bytes."
        )
    return deserialize(message, delegate=carrier)


def _is_simple(value: Value) -> bool:
    kind = type(value)
    return kind in _SIMPLE or (kind is str and len(value) * 4 < _MOST_BYTES)


class _Carrier:
    """Takes along what structured clone refuses: functions, streams, requests and the like."""

    def __init__(self, object_id: str | None) -> None:
        self._object_id = object_id
        self._carried: list[Value] = []

    def dump(self, value: Value) -> tuple[int, bytes] | None:
        if isinstance(value, ByReference):
            return self._carry(value.stub(self._object_id))
        if isinstance(value, _MOVED):
            return self._carry(value)
        if callable(value):
            from flarelocal.bindings.rpc.stub import RpcStub

            return self._carry(RpcStub.of(value, self._object_id))
        if isinstance(value, Foreign):
            raise dom_exception(_NO_RECEIVER, "DataCloneError")
        return None

    def load(self, tag: int, payload: bytes) -> Value:
        return self._carried[tag]

    def _carry(self, value: Value) -> tuple[int, bytes]:
        self._carried.append(value)
        return len(self._carried) - 1, b""
