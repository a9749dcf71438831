"""AbortController and AbortSignal."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from functools import partial
from typing import Annotated, ClassVar

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method, static
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.promise import rethrow
from flarelocal.javascript.signature import refused
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.event import Event
from flarelocal.javascript.web.event_target import EventTarget
from flarelocal.javascript.web.timer import after

__all__ = ["AbortController", "AbortSignal", "ClientSignal", "IdleSignal"]


class AbortSignal(EventTarget, constructible=False):
    """Tells that an operation is to be aborted (workerd, api/basics.c++).

    Attributes:
        aborts_requests: whether requests end that are made with it.
    """

    __slots__ = ("_aborted", "_reason", "_subscribers")

    aborts_requests: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._aborted = False
        self._reason: Value = None
        self._subscribers: list[Callable[[], object]] = []

    def trigger(self, reason: Value = None) -> None:
        """Abort, once; the reason is an AbortError unless it is given."""
        if self._aborted:
            return
        self._aborted = True
        self._reason = (
            dom_exception("The operation was aborted", "AbortError") if reason is None else reason
        )
        for subscriber in list(self._subscribers):
            subscriber()
        event = Event("abort")
        event.trusted = True
        self.dispatch(event)

    def _follow(self, signal: AbortSignal) -> None:
        self.trigger(signal.reason)

    def subscribe(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` before the listeners on abortion; the result ends that."""
        self._subscribers.append(callback)

        def end() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return end

    def clone_refusal(self) -> str:
        return "AbortSignal serialization is not enabled."

    @getter
    def aborted(self) -> bool:
        return self._aborted

    @getter
    def reason(self) -> Value:
        return self._reason

    onabort = Getter(
        lambda self: self.property_handler("abort"),
        lambda self, handler: self.set_property_handler("abort", handler),
    )

    @method
    def throw_if_aborted(self) -> None:
        if self._aborted:
            rethrow(self._reason)

    @staticmethod
    @static
    def abort(reason: Value = None) -> AbortSignal:
        made = AbortSignal()
        made.trigger(reason)
        return made

    @staticmethod
    @static
    def timeout(delay: Annotated[Value, "number"]) -> AbortSignal:
        made = AbortSignal()
        after(
            to_number(delay),
            lambda: made.trigger(
                dom_exception("The operation was aborted due to timeout", "TimeoutError")
            ),
        )
        return made

    @staticmethod
    @static(name="any")
    def any_(signals: Annotated[Value, "Array"]) -> AbortSignal:
        if not isinstance(signals, list):
            raise refused("AbortSignal", "any", 0, "Array")
        made = AbortSignal()
        members: list[AbortSignal] = []
        for index, signal in enumerate(signals):
            if not isinstance(signal, AbortSignal):
                raise type_error(
                    f"Incorrect type for array element {index}: the provided value is not of type"
                    " 'AbortSignal'."
                )
            members.append(signal)
        for signal in members:
            if signal.aborted:
                made.trigger(signal.reason)
                return made
        for signal in members:
            signal.subscribe(partial(made._follow, signal))
        return made


class IdleSignal(AbortSignal, js_name="AbortSignal"):
    """The signal of a request without one: nothing ever aborts it."""

    __slots__ = ()

    aborts_requests = False


class ClientSignal(AbortSignal, js_name="AbortSignal"):
    """The signal of a request from outside: it tells that the client went away.

    Requests that are made with it go on. Source: workerd, flag `enable_request_signal`.
    """

    __slots__ = ("_context",)

    aborts_requests = False

    def __init__(self) -> None:
        super().__init__()
        self._context: Context | None = None

    def enter(self, context: Context) -> None:
        """Have listeners called in a context: that of the event, the first one."""
        self._context = self._context or context

    def leave(self) -> None:
        """The client went away."""
        if self._context is not None:
            reason = dom_exception("The client has disconnected", "AbortError")
            self._context.run(self.trigger, reason)


class AbortController(HostObject, constructible=True):
    """Aborts what is given its signal."""

    __slots__ = ("_signal",)

    def __init__(self) -> None:
        self._signal = AbortSignal()

    @getter
    def signal(self) -> AbortSignal:
        return self._signal

    @method
    def abort(self, reason: Value = None) -> None:
        self._signal.trigger(reason)
