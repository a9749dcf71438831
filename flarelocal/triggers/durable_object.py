"""Events of Durable Objects: construction, requests, calls and alarms."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from types import CoroutineType

from flarelocal.bindings.durable_objects.alarm_info import AlarmInvocationInfo
from flarelocal.bindings.durable_objects.state import DurableObjectState
from flarelocal.bindings.rpc import PropertyPath, reach_member
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.alarm_info import AlarmInfo
from flarelocal.durable_objects.channel import Way
from flarelocal.durable_objects.object_clock import ObjectClock
from flarelocal.durable_objects.sockets import HibernatableSocket
from flarelocal.javascript.departure import OutputGate, current_gate
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.microtasks import microtasks_waiting
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.prompt_future import PromptFuture
from flarelocal.pyodide.suspension import Escaped, Suspendable
from flarelocal.sockets.connection import Frame
from flarelocal.triggers.answer import answer_of
from flarelocal.triggers.upgrade import take_over_socket
from flarelocal.worker.code import Instance
from flarelocal.worker.invocation import Invocation, Trigger
from flarelocal.worker.worker import Worker

__all__ = ["WorkerObjects"]


class WorkerObjects:
    """The objects of one class of a Worker, as the engine sees them and as stubs call them.

    Args:
        sqlite: whether the class is declared to use SQLite.
        delete_alarm: whether `storage.deleteAll` takes the alarm as well.
        container: whether each object has a container.
        props: what `ctx.props` shows.
    """

    def __init__(
        self,
        worker: Worker,
        name: str,
        *,
        sqlite: bool,
        delete_alarm: bool,
        container: bool = False,
        props: Value = None,
    ) -> None:
        self.name = name
        self._worker = worker
        self._sqlite = sqlite
        self._delete_alarm = delete_alarm
        self._container = container
        self._props = {} if props is None else props

    def with_props(self, props: Value) -> WorkerObjects:
        """The same class, whose objects see other `ctx.props`."""
        return WorkerObjects(
            self._worker,
            self.name,
            sqlite=self._sqlite,
            delete_alarm=self._delete_alarm,
            container=self._container,
            props=props,
        )

    # -- what the engine asks for

    def context(self) -> Context:
        return self._worker.scope.context()

    def construct(self, actor: Actor) -> _Object:
        """Make the instance of an object."""
        code = self._worker.code
        assert code is not None
        state = DurableObjectState(
            actor,
            self,
            sqlite=self._sqlite,
            delete_alarm=self._delete_alarm,
            container=self._container,
            props=self._props,
            sockets=self._worker.sockets.rules,
            exports=self._worker.scope.exports,
        )
        clock = ObjectClock(self._worker.clock, actor)
        label = self._label(actor)
        invocation = self._worker.invocation(Trigger("construct", label), clock, state.web_sockets)
        invocation.execution = state
        invocation.begin()
        current_gate.set(actor.storage)
        actor.context = contextvars.copy_context()
        made = code.construct(self.name, state)
        return _Object(self._worker, made, state, clock, actor.storage, label)

    def has_alarm(self, instance: _Object) -> bool:
        return instance.code.has("alarm")

    def alarm(self, instance: _Object, info: AlarmInfo) -> Suspendable:
        told = AlarmInvocationInfo(info)
        return self._run(instance, "alarm", "alarm", lambda code: code.call("alarm", [told]))

    def socket_event(
        self, instance: _Object, socket: HibernatableSocket, frame: Frame
    ) -> Suspendable:
        from flarelocal.triggers.socket_call import socket_call

        method, arguments = socket_call(instance.state.web_sockets.face(socket), frame)
        return self._run(instance, "websocket", method, lambda code: code.call(method, arguments))

    # -- what stubs ask for

    def fetch(self, way: Way, request: Request) -> Awaitable[Response]:
        """Have an object answer a request."""

        async def event(instance: _Object) -> Response:
            arguments: list[Value] = [request, None, None]
            response = answer_of(
                await self._run(
                    instance, "object fetch", "fetch", lambda code: code.call("fetch", arguments)
                )
            )
            take_over_socket(request, response)
            return response

        return way.start(event)

    def call(
        self,
        way: Way,
        path: PropertyPath,
        arguments: Sequence[Value] | None,
        reply: PromptFuture[Value],
    ) -> None:
        """Call what a path leads to in an object, or read it."""

        def use(code: Instance) -> Value:
            return reach_member(code, path, arguments)

        way.start(lambda instance: self._run(instance, "rpc", ".".join(path), use), reply)

    def visit(
        self, way: Way, use: Callable[[Instance, DurableObjectState], Value]
    ) -> asyncio.Future[Value]:
        """Have code that is not the object's own do something with the instance and its state."""

        def event(instance: _Object) -> Suspendable:
            return self._run(instance, "visit", "visit", lambda code: use(code, instance.state))

        return way.start(event)

    def _run(
        self, instance: _Object, kind: str, method: str, use: Callable[[Instance], Value]
    ) -> Suspendable:
        subject = instance.label if kind == "alarm" else f"{instance.label}.{method}"
        worker = instance.worker
        invocation = worker.invocation(
            Trigger(kind, subject), instance.clock, instance.state.web_sockets
        )
        invocation.execution = instance.state
        if Invocation.current() is None:
            # It was started before the object was constructed.
            invocation.begin()
            current_gate.set(instance.gate)
        else:
            invocation.follow()
        return Suspendable(self._within(invocation, instance, use))

    @staticmethod
    async def _within(
        invocation: Invocation, instance: _Object, use: Callable[[Instance], Value]
    ) -> Value:
        worker = instance.worker
        try:
            with worker.recorded(invocation):
                result = use(instance.code)
                if type(result) is CoroutineType or inspect.isawaitable(result):
                    result = await result
            if microtasks_waiting():
                # They may abort the object, which then gives nothing.
                await asyncio.sleep(0)
            return result
        except Escaped as escaped:
            raise worker.ended_by(escaped) from escaped.error
        except (KeyboardInterrupt, SystemExit) as exit:
            raise worker.ended_by(Escaped(exit)) from exit
        finally:
            if invocation.open:
                worker.drain(invocation, end=False)

    def _label(self, actor: Actor) -> str:
        return f"{self.name}({actor.id.name or actor.id.hex[:8]})"


class _Object:
    """An instance with what belongs to it."""

    __slots__ = ("clock", "code", "gate", "label", "state", "worker")

    def __init__(
        self,
        worker: Worker,
        code: Instance,
        state: DurableObjectState,
        clock: ObjectClock,
        gate: OutputGate,
        label: str,
    ) -> None:
        self.worker = worker
        self.gate = gate
        self.code = code
        self.state = state
        self.clock = clock
        self.label = label
