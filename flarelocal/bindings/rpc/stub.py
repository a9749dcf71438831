"""Stubs: what lives on the other side, and promises whose properties can be used at once."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine, Generator, Sequence
from typing import Any, Protocol

from flarelocal.bindings.rpc.errors import remote_error
from flarelocal.bindings.rpc.message import ByReference, passed, passed_arguments
from flarelocal.bindings.rpc.receiver import PropertyPath, reach
from flarelocal.clock import Clock
from flarelocal.javascript.departure import OutputGate, held
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.host import method
from flarelocal.javascript.values import Value
from flarelocal.prompt_future import PromptFuture, hear
from flarelocal.pyodide.suspension import Suspendable
from flarelocal.worker.code import ReceiverError

__all__ = ["Receiver", "RpcPromise", "RpcProperty", "RpcStub", "RpcTarget", "background"]

_PROMISE = frozenset({"then", "catch", "finally"})


class Receiver(Protocol):
    """The other side of a stub."""

    def start(self, path: PropertyPath, arguments: Sequence[Value] | None) -> asyncio.Future[Value]:
        """Begin to call what a path leads to, or to read it.

        Args:
            arguments: those of the call, which have arrived; None to read.

        Raises:
            JsError: the caller sees it as it is.
        """

    def result(self, value: Value) -> Value:
        """The value as it arrives at the caller."""

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        """What the caller sees of an error.

        Args:
            called: whether something was called, rather than read.
        """


class RpcPromise(PromptFuture[Value]):
    """The result of a call. Its properties can be called and read before it is there."""

    @classmethod
    def of(
        cls, receiver: Receiver, path: PropertyPath, arguments: tuple[Value, ...] | None
    ) -> RpcPromise:
        """Begin a call, or the reading of a property."""
        promise = cls(loop=asyncio.get_running_loop())
        called = arguments is not None
        try:
            sent = None if arguments is None else passed_arguments(arguments)
            gate = held()
            reply = _depart(gate, receiver, path, sent) if gate else receiver.start(path, sent)
        except JsError as refused:
            return promise._refuse(refused)
        clock = Clock.current()
        if clock is not None:
            clock.waits += 1

        def arrive(reply: asyncio.Future[Value]) -> None:
            if clock is not None:
                clock.waits -= 1
            if promise.done():
                return
            if reply.cancelled():
                promise.cancel()
                return
            error = reply.exception()
            if error is not None:
                promise._refuse(receiver.error(error, called=called))
                return
            try:
                result = receiver.result(reply.result())
            except Exception as refused:
                promise._refuse(receiver.error(refused, called=False))
            else:
                promise.set_result(result)

        hear(reply, arrive)
        return promise

    def _refuse(self, error: BaseException) -> RpcPromise:
        self.set_exception(error)
        # Whether anyone looks at it is the business of whoever called.
        self.exception()
        return self

    def dynamic_property(self, name: str) -> Value:
        return None if name in _PROMISE else RpcProperty(_Promised(self), (name,))

    def __call__(self, *arguments: Value) -> RpcPromise:
        return RpcPromise.of(_Promised(self), (), arguments)


class RpcStub(ByReference):
    """Something of the other side: a function or a target."""

    __slots__ = ("_path", "_receiver")

    def __init__(self, receiver: Receiver, path: PropertyPath = ()) -> None:
        self._receiver = receiver
        self._path = path

    @classmethod
    def of(cls, target: Value, object_id: str | None) -> RpcStub:
        """A stub of something of this side.

        Args:
            object_id: of the Durable Object that it is part of.
        """
        return cls(_Local(target, object_id))

    def __call__(self, *arguments: Value) -> RpcPromise:
        return RpcPromise.of(self._receiver, self._path, arguments)

    def beyond(self, path: PropertyPath, arguments: Sequence[Value] | None) -> RpcPromise:
        """Call, or read, what a path from here leads to."""
        given = None if arguments is None else tuple(arguments)
        return RpcPromise.of(self._receiver, self._path + path, given)

    def dynamic_property(self, name: str) -> Value:
        return None if name in _PROMISE else RpcProperty(self._receiver, (*self._path, name))

    @method
    def dup(self) -> RpcStub:
        return RpcStub(self._receiver, self._path)

    def to_js_string(self) -> str:
        return "[object RpcStub]"


class RpcProperty(RpcStub, js_name="RpcStub"):
    """A property of something of the other side: a method, or a value to be awaited."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, Value]:
        return RpcPromise.of(self._receiver, self._path, None).__await__()


class RpcTarget(ByReference):
    """Base of host objects that travel by reference."""

    __slots__ = ()

    def stub(self, object_id: str | None) -> RpcStub:
        return RpcStub.of(self, object_id)


class _Local:
    """Something of this side, in the context in which it was handed out."""

    def __init__(self, target: Value, object_id: str | None) -> None:
        self._target = target
        self._object_id = object_id
        self._context = contextvars.copy_context()

    def start(self, path: PropertyPath, arguments: Sequence[Value] | None) -> asyncio.Future[Value]:
        return background(reach(self._target, path, arguments), self._context.copy())

    def result(self, value: Value) -> Value:
        return passed(value, self._object_id)

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        seen = remote_error(error, self._object_id)
        if self._object_id is not None and not isinstance(seen, Thrown):
            seen.properties["durableObjectId"] = self._object_id
        return seen


class _Promised:
    """What a promise will be: it is here then, so nothing has to be passed any more."""

    def __init__(self, promise: RpcPromise) -> None:
        self._promise = promise

    def start(self, path: PropertyPath, arguments: Sequence[Value] | None) -> asyncio.Future[Value]:
        async def follow() -> Value:
            return await reach(await self._promise, path, arguments)

        return background(follow(), contextvars.copy_context())

    def result(self, value: Value) -> Value:
        return value

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return remote_error(error) if isinstance(error, ReceiverError) else error


def _depart(
    gate: OutputGate, receiver: Receiver, path: PropertyPath, sent: Sequence[Value] | None
) -> asyncio.Future[Value]:
    """Begin a call when the gate is open, before any that is made later."""
    reply: PromptFuture[Value] = PromptFuture(loop=asyncio.get_running_loop())

    def arrive(source: asyncio.Future[Value]) -> None:
        if source.cancelled():
            reply.cancel()
        elif (error := source.exception()) is not None:
            reply.set_exception(error)
        else:
            reply.set_result(source.result())

    def start() -> None:
        try:
            hear(receiver.start(path, sent), arrive)
        except JsError as refused:
            reply.set_exception(refused)

    gate.confirmed(start, reply.cancel)
    return reply


_tasks: set[asyncio.Task[Value]] = set()


def background(
    work: Coroutine[Any, Any, Value], context: contextvars.Context
) -> asyncio.Task[Value]:
    """Have something done in a task of its own."""
    task: asyncio.Task[Value] = asyncio.Task(
        Suspendable(work), loop=asyncio.get_running_loop(), context=context
    )
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task
