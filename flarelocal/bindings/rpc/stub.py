"""Stubs: what lives on the other side, and promises whose properties can be used at once."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine, Generator, Sequence
from typing import Any, Protocol

from flarelocal.bindings.rpc.errors import remote_error
from flarelocal.bindings.rpc.loan import Lent, Loan
from flarelocal.bindings.rpc.message import (
    ByReference,
    passed,
    passed_arguments,
    unserializable,
)
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

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> None:
        """Begin to call what a path leads to, or to read it.

        Args:
            arguments: those of the call, which have arrived; None to read.
            reply: is settled with what there is of it on the other side.

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
    """The result of a call. Its properties can be called and read before it is there.

    The other side settles it with what it has; here that is what arrives.
    """

    _receiver: Receiver
    _called: bool
    _clock: Clock | None
    _loan: Loan | None = None

    @classmethod
    def of(
        cls, receiver: Receiver, path: PropertyPath, arguments: tuple[Value, ...] | None
    ) -> RpcPromise:
        """Begin a call, or the reading of a property."""
        promise = cls(loop=asyncio.get_running_loop())
        promise._receiver = receiver
        promise._called = arguments is not None
        clock = promise._clock = Clock.current()
        if clock is not None:
            clock.waits += 1
        try:
            sent: Sequence[Value] | None = None
            if arguments is not None:
                sent, promise._loan = passed_arguments(arguments)
            gate = held()
            if gate:
                _depart(gate, receiver, path, sent, promise)
            else:
                receiver.start(path, sent, promise)
        except JsError as refused:
            promise.refuse(refused)
        return promise

    def set_result(self, result: Value, /) -> None:
        try:
            arrived = self._receiver.result(result)
        except Exception as refused:
            self.refuse(self._receiver.error(refused, called=False))
        else:
            self._over()
            super().set_result(arrived)

    def set_exception(self, exception: Any, /) -> None:
        self.refuse(self._receiver.error(exception, called=self._called))

    def cancel(self, msg: Any = None) -> bool:
        if not self.done():
            self._over()
        return super().cancel(msg)

    def refuse(self, error: BaseException) -> None:
        """Settle the promise with an error which the caller sees as it is."""
        self._over()
        super().set_exception(error)
        # Whether anyone looks at it is the business of whoever called.
        self.exception()

    def follow(self, task: asyncio.Future[Value]) -> None:
        """Settle the promise as a task of the other side ends."""

        def arrive(_: asyncio.Future[Value]) -> None:
            if self.done():
                return
            if task.cancelled():
                self.cancel()
            elif (error := task.exception()) is not None:
                self.set_exception(error)
            else:
                self.set_result(task.result())

        hear(task, arrive)

    def _over(self) -> None:
        if self._loan is not None:
            self._loan.over = True
        if self._clock is not None:
            self._clock.waits -= 1

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
        return None if name == "then" else RpcProperty(self._receiver, (*self._path, name))

    def stub(self, object_id: str | None) -> RpcStub:
        return self.dup()

    def lent(self, loan: Loan) -> RpcStub:
        return RpcStub(Lent(self._receiver, loan), self._path)

    @method
    def dup(self) -> RpcStub:
        receiver = self._receiver
        return RpcStub(receiver.own() if isinstance(receiver, Lent) else receiver, self._path)

    def to_js_string(self) -> str:
        return "[object RpcStub]"


class RpcProperty(RpcStub, js_name="RpcStub"):
    """A property of something of the other side: a method, or a value to be awaited."""

    __slots__ = ()

    def stub(self, object_id: str | None) -> RpcStub:
        raise unserializable("RpcProperty")

    def __await__(self) -> Generator[Any, Any, Value]:
        return RpcPromise.of(self._receiver, self._path, None).__await__()

    def dynamic_property(self, name: str) -> Value:
        return None if name in _PROMISE else super().dynamic_property(name)


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

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> None:
        reply.follow(background(reach(self._target, path, arguments), self._context.copy()))

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

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> None:
        async def follow() -> Value:
            return await reach(await self._promise, path, arguments)

        reply.follow(background(follow(), contextvars.copy_context()))

    def result(self, value: Value) -> Value:
        return value

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return remote_error(error) if isinstance(error, ReceiverError) else error


def _depart(
    gate: OutputGate,
    receiver: Receiver,
    path: PropertyPath,
    sent: Sequence[Value] | None,
    promise: RpcPromise,
) -> None:
    """Begin a call when the gate is open, before any that is made later."""

    def start() -> None:
        try:
            receiver.start(path, sent, promise)
        except JsError as refused:
            promise.refuse(refused)

    gate.confirmed(start, promise.cancel)


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
