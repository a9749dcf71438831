"""Finding what a call or a property is about, on the side that has it (api/worker-rpc.c++)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.bindings.rpc.message import ByReference
from flarelocal.javascript.host import HostObject, Member
from flarelocal.javascript.values import Value
from flarelocal.worker.code import Instance, ReceiverError

__all__ = ["PropertyPath", "follow", "invoke", "reach", "reach_member"]

PropertyPath: TypeAlias = tuple[str, ...]
"""Names of properties, each of what the one before leads to."""


_RESERVED = frozenset({"dup", "constructor"})
_RESERVED_BY_OBJECTS = _RESERVED | {
    "fetch",
    "connect",
    "alarm",
    "webSocketMessage",
    "webSocketClose",
    "webSocketError",
}


def reach_member(
    instance: Instance, path: PropertyPath, arguments: Sequence[Value] | None
) -> Value | Awaitable[Value]:
    """Read what a path leads to from an instance, or call it; gives the result or its promise.

    Raises:
        JsError: as of `reach`.
    """
    name = path[0]
    if name in _RESERVED_BY_OBJECTS:
        raise ReceiverError.reserved(name)
    if len(path) > 1:
        return reach(instance.get(name), path, arguments, known=1, reserved=_RESERVED_BY_OBJECTS)
    return instance.get(name) if arguments is None else instance.call(name, list(arguments))


async def reach(
    start: Value,
    path: PropertyPath,
    arguments: Sequence[Value] | None,
    *,
    known: int = 0,
    reserved: frozenset[str] = _RESERVED,
) -> Value:
    """Read what a path leads to, or call it.

    Args:
        start: where the path begins.
        arguments: those of the call; None to read.
        known: how many names at the beginning of the path have led to `start` already.
        reserved: names which lead nowhere.

    Raises:
        JsError: TypeError where there is no such thing, or it is no function.
    """
    from flarelocal.bindings.rpc.stub import RpcStub

    value = start
    for index in range(known, len(path)):
        if isinstance(value, RpcStub):
            return await value.beyond(path[index:], arguments)
        if path[index] in reserved:
            raise ReceiverError.reserved(path[index])
        if index and not isinstance(value, HostObject | dict | list) and not callable(value):
            raise ReceiverError.missing(path[index - 1])
        value = follow(value, path[index])
    if arguments is None:
        return value
    if isinstance(value, RpcStub):
        return await value.beyond((), arguments)
    return await invoke(value, path, arguments)


async def invoke(function: Value, path: PropertyPath, arguments: Sequence[Value]) -> Value:
    """Call what a path has led to."""
    if not callable(function):
        raise ReceiverError(f'"{".".join(path)}" is not a function.')
    result = function(*arguments)
    awaitable = awaitable_of(result)
    return result if awaitable is None else await awaitable


def follow(value: Value, name: str) -> Value:
    """A property that can be seen from outside: of a plain object, or of a target's class."""
    if isinstance(value, dict) and name in value:
        return value[name]
    if isinstance(value, ByReference):
        member = value.members.get(name)
        if member is not None:
            return member.function(value) if member.kind == "getter" else _bound(member, value)
    raise ReceiverError.missing(name)


def _bound(member: Member, owner: HostObject) -> Callable[..., Value]:
    def method(*arguments: Value) -> Value:
        taken = arguments[: member.maximum]
        return member.function(owner, *taken, *(None,) * (member.required - len(taken)))

    return method
