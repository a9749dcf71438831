"""Calls between Workers and Durable Objects: what happens to arguments, results and errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.values import JsNull, Value
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.writable import WritableStream
from flarelocal.worker.traceback import format_error

__all__ = ["RpcStub", "RpcTarget", "call", "passed", "rpc_error"]

Method: TypeAlias = Callable[[str, list[Value]], Awaitable[Value]]
"""Calls a method of the receiver with arguments that were passed already."""

_SIMPLE = frozenset({str, bool, int, float, type(None), JsNull})
_BY_REFERENCE = (Request, Response, Headers, ReadableStream, WritableStream, Blob)
_NO_RECEIVER = (
    "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must "
    "emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain."
)


class RpcTarget(HostObject):
    """Base of host objects that travel by reference."""

    __slots__ = ()


class RpcStub(HostObject):
    """A function of the other side, or a method that is yet to be called."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Awaitable[Value]]) -> None:
        self._function = function

    async def __call__(self, *arguments: Value) -> Value:
        return await self._function(*arguments)

    @method
    def dup(self) -> RpcStub:
        return RpcStub(self._function)

    def to_js_string(self) -> str:
        return "[object RpcStub]"


class _Carrier:
    """Takes along what structured clone refuses: functions, streams, requests and the like."""

    def __init__(self) -> None:
        self._carried: list[Value] = []

    def dump(self, value: Value) -> tuple[int, bytes] | None:
        if isinstance(value, (*_BY_REFERENCE, RpcTarget, RpcStub)):
            return self._carry(value)
        if callable(value):
            return self._carry(RpcStub(_remote_function(value)))
        if isinstance(value, Foreign):
            raise dom_exception(_NO_RECEIVER, "DataCloneError")
        return None

    def load(self, tag: int, payload: bytes) -> Value:
        return self._carried[tag]

    def _carry(self, value: Value) -> tuple[int, bytes]:
        self._carried.append(value)
        return len(self._carried) - 1, b""


def passed(value: Value) -> Value:
    """A value as it arrives on the other side.

    Raises:
        JsError: DataCloneError where it cannot be sent.
    """
    if type(value) in _SIMPLE:
        return value
    carrier = _Carrier()
    return deserialize(serialize(value, delegate=carrier), delegate=carrier)


async def call(method: Method, name: str, arguments: tuple[Value, ...]) -> Value:
    """Call a method of the other side; arguments and result are copies.

    Raises:
        JsError: what went wrong there, marked as `remote`, or a value that cannot be sent.
    """
    sent = [passed(argument) for argument in arguments]
    try:
        result = await method(name, sent)
    except JsError as error:
        raise rpc_error(error) from error.__cause__
    except Exception as error:
        raise rpc_error(error) from error
    return passed(result)


def rpc_error(error: BaseException) -> JsError:
    """What the caller sees of an error of the other side: never the Python type."""
    if isinstance(error, JsError):
        return JsError(
            error.message,
            name=error.name,
            constructor_name=error.constructor_name,
            cause=error.cause,
            properties={**error.properties, "remote": True},
        )
    return JsError(
        format_error(error),
        name="PythonError",
        constructor_name="Error",
        properties={"remote": True},
    )


def _remote_function(function: Value) -> Callable[..., Awaitable[Value]]:
    async def method(name: str, arguments: list[Value]) -> Value:
        result = function(*arguments)
        awaitable = awaitable_of(result)
        return await awaitable if awaitable is not None else result

    async def remote(*arguments: Value) -> Value:
        return await call(method, "", arguments)

    return remote
