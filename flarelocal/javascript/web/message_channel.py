"""MessageChannel and its two ports."""

from __future__ import annotations

from enum import Enum, auto
from functools import partial
from typing import TypeAlias

from flarelocal.javascript.clone import structured_clone
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method
from flarelocal.javascript.promise import reason_of
from flarelocal.javascript.signature import properties_of, refused
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.event import Event, MessageEvent
from flarelocal.javascript.web.event_target import EventTarget
from flarelocal.javascript.web.microtasks import queue_microtask

__all__ = ["MessageChannel", "MessagePort"]


class _State(Enum):
    PENDING = auto()
    STARTED = auto()
    CLOSED = auto()


class MessagePort(EventTarget, constructible=False):
    """One end of a channel (workerd, api/messagechannel.c++).

    Messages wait until somebody listens for them; a listener of any kind starts the port.
    """

    __slots__ = ("_failures", "_other", "_state", "_waiting")

    def __init__(self) -> None:
        super().__init__()
        self._state = _State.PENDING
        self._waiting: list[Value] = []
        self._other: MessagePort | None = None
        self._failures: list[Exception] | None = None

    def connect(self, other: MessagePort) -> None:
        """Make two ports the ends of one channel."""
        self._other = other
        other._other = self

    def listeners_changed(self, type: str) -> None:
        if type != "message":
            return
        if self.listens("message"):
            self.start()
        elif self._state is _State.STARTED:
            self._state = _State.PENDING

    def _take(self, message: Value) -> None:
        if self._state is _State.PENDING:
            self._waiting.append(message)
        elif self._state is _State.STARTED:
            queue_microtask(partial(self._tell, message))

    def _tell(self, message: Value) -> None:
        failures: list[Exception] = []
        self._failures = failures
        try:
            self._dispatch("message", message)
        except Exception as failure:
            # Listeners that depend on each other hear of it as of a message.
            self._dispatch("message", reason_of(failure))
        self._failures = None
        if failures:
            self._dispatch("messageerror", reason_of(failures[0]))

    def listener_failed(self, failure: Exception) -> None:
        if self._failures is None:
            super().listener_failed(failure)
        else:
            self._failures.append(failure)

    def _dispatch(self, type: str, data: Value) -> None:
        self.dispatch(MessageEvent.carrying(type, data, source=self))

    @method
    def post_message(self, message: Value = None, options: Value = None) -> None:
        if _transferred(options):
            raise error("Transfer list is not supported")
        copy = structured_clone(message)
        if self._other is not None:
            self._other._take(copy)

    @method
    def close(self) -> None:
        if self._state is _State.CLOSED:
            return
        self._state = _State.CLOSED
        other, self._other = self._other, None
        if other is not None:
            other.close()
        event = Event("close")
        event.trusted = True
        self.dispatch(event)

    @method
    def start(self) -> None:
        if self._state is not _State.PENDING:
            return
        self._state = _State.STARTED
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            queue_microtask(partial(self._tell, message))

    onmessage = Getter(
        lambda self: self.property_handler("message"),
        lambda self, handler: self.set_property_handler("message", handler),
    )


def _transferred(options: Value) -> list[Value]:
    """What is to be transferred."""
    if isinstance(options, list):
        return options
    properties = properties_of(options)
    if properties is None:
        raise refused("MessagePort", "postMessage", 1, "Array or PostMessageOptions")
    transfer = properties.get("transfer", [])
    if not isinstance(transfer, list):
        raise type_error(
            "Incorrect type for the 'transfer' field on 'PostMessageOptions': the provided value is"
            " not of type 'Array'."
        )
    return transfer


_Ports: TypeAlias = tuple[MessagePort, MessagePort]


class MessageChannel(HostObject, constructible=True):
    """Two ports: what is posted to one is a message at the other."""

    __slots__ = ("_ports",)

    def __init__(self) -> None:
        self._ports: _Ports = (MessagePort(), MessagePort())
        self._ports[0].connect(self._ports[1])

    @getter
    def port1(self) -> MessagePort:
        return self._ports[0]

    @getter
    def port2(self) -> MessagePort:
        return self._ports[1]
