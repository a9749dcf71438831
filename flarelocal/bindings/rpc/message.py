"""Values on their way to the other side."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.bindings.rpc.loan import Loan
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import JsError, dom_exception, error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import JsNull, Value
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.writable import WritableStream

__all__ = ["ByReference", "passed", "passed_arguments", "unserializable"]

_SIMPLE = frozenset({bool, int, float, type(None), JsNull})
_MOVED = (Request, Response, Headers, ReadableStream)
_SHARED = (WritableStream, Blob)
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

    def lent(self, loan: Loan) -> HostObject:
        """What a call gets of a stub."""
        return self


def passed_arguments(arguments: Sequence[Value]) -> tuple[list[Value], Loan | None]:
    """The arguments of a call as they arrive; what they share they share there as well.

    Returns:
        The arguments, and what ends with the call, if anything does.

    Raises:
        JsError: as of `passed`.
    """
    for argument in arguments:
        if not _is_simple(argument):
            carrier = _Carrier(None, lends=True)
            made: list[Value] = _carried(list(arguments), carrier)
            return made, carrier.loan
    return list(arguments), None


def passed(value: Value, object_id: str | None = None) -> Value:
    """A value as it arrives on the other side.

    Args:
        object_id: of the Durable Object that sends the value.

    Raises:
        JsError: DataCloneError where it cannot be sent; Error where it is larger than 32 MiB.
    """
    if _is_simple(value):
        return value
    return _carried(value, _Carrier(object_id))


def _carried(value: Value, carrier: _Carrier) -> Value:
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


def unserializable(kind: str) -> JsError:
    """What is said of an object that cannot be sent."""
    return dom_exception(
        f'Could not serialize object of type "{kind}". This type does not support serialization.',
        "DataCloneError",
    )


class _Carrier:
    """Takes along what structured clone refuses: functions, streams, requests and the like."""

    def __init__(self, object_id: str | None, *, lends: bool = False) -> None:
        self._object_id = object_id
        self._lends = lends
        self._carried: list[Value] = []
        self.loan: Loan | None = None

    def dump(self, value: Value) -> tuple[int, bytes] | None:
        if isinstance(value, ByReference):
            return self._carry_stub(value.stub(self._object_id))
        if isinstance(value, _MOVED):
            return self._carry(value.moved())
        if isinstance(value, _SHARED):
            return self._carry(value)
        if callable(value):
            from flarelocal.bindings.rpc.stub import RpcPromise, RpcStub

            if isinstance(value, RpcPromise):
                raise unserializable("RpcPromise")
            return self._carry_stub(RpcStub.of(value, self._object_id))
        if isinstance(value, Foreign):
            raise dom_exception(_NO_RECEIVER, "DataCloneError")
        return None

    def _carry_stub(self, stub: HostObject) -> tuple[int, bytes]:
        if not self._lends or not isinstance(stub, ByReference):
            return self._carry(stub)
        self.loan = self.loan or Loan()
        return self._carry(stub.lent(self.loan))

    def load(self, tag: int, payload: bytes) -> Value:
        return self._carried[tag]

    def _carry(self, value: Value) -> tuple[int, bytes]:
        self._carried.append(value)
        return len(self._carried) - 1, b""
