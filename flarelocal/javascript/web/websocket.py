"""WebSocket and WebSocketPair."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import Context, ContextVar, copy_context
from typing import ClassVar, Protocol

from flarelocal.dataclass import dataclass
from flarelocal.javascript.binary import ArrayBuffer, bytes_of, is_buffer_source
from flarelocal.javascript.errors import dom_exception, error, type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import NO_OPTIONS, Options, usv_string
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.console import report
from flarelocal.javascript.web.event import CloseEvent, ErrorEvent, Event, EventTarget, MessageEvent

__all__ = ["Receiver", "Rules", "WebSocket", "WebSocketPair", "current_rules"]

_NOT_ACCEPTED = (
    "You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending"
    " messages."
)
_FORBIDDEN_CODES = frozenset({1004, 1005, 1006, 1015})
_LONGEST_REASON = 123
_LARGEST_ATTACHMENT = 16384
_NO_STATUS = 1005


@dataclass(frozen=True, slots=True)
class Rules:
    """What depends on the compatibility date.

    Attributes:
        auto_reply: a close is answered by itself (`web_socket_auto_reply_to_close`, 2026-04-07).
        binary_type: what binary messages are at first (`websocket_standard_binary_type`,
            2026-03-17).
    """

    auto_reply: bool = True
    binary_type: str = "blob"


_NEWEST = Rules()

current_rules: ContextVar[Rules] = ContextVar("websocket_rules", default=_NEWEST)
"""The rules of the present Worker."""


class Receiver(Protocol):
    """Takes what arrives at one end."""

    def message(self, data: str | bytes) -> None: ...
    def closed(self, code: int, reason: str) -> None: ...
    def failed(self, message: str) -> None: ...


class WebSocket(EventTarget, constructible=True):
    """One end of a connection (workerd, api/web-socket.c++).

    A new end holds what arrives until somebody takes it: the program by `accept`, a Durable
    Object or the server by `couple`.
    """

    __slots__ = (
        "_attachment",
        "_binary_type",
        "_closed_in",
        "_closed_out",
        "_failed",
        "_held",
        "_peer",
        "_receiver",
        "_released",
        "_rules",
    )

    constants: ClassVar[dict[str, Value]] = {
        prefix + name: number
        for prefix in ("", "READY_STATE_")
        for number, name in enumerate(("CONNECTING", "OPEN", "CLOSING", "CLOSED"))
    }

    def __init__(self, url: str, protocols: Value = None) -> None:
        """`new WebSocket(url)`.

        Raises:
            JsError: NotSupportedError: programs get their ends from a WebSocketPair.
        """
        raise dom_exception(
            f"flarelocal opens no WebSocket to {url}; guard the code that does, or test it on"
            " Cloudflare.",
            "NotSupportedError",
        )

    @classmethod
    def connected(cls) -> tuple[WebSocket, WebSocket]:
        """The two ends of a new connection."""
        left, right = cls.__new__(cls), cls.__new__(cls)
        left._connect(right)
        right._connect(left)
        return left, right

    def _connect(self, peer: WebSocket) -> None:
        self._rules = current_rules.get()
        self._binary_type = self._rules.binary_type
        self._peer = peer
        self._receiver: Receiver | None = None
        self._held: deque[Callable[[Receiver], None]] = deque()
        self._closed_in = self._closed_out = self._failed = self._released = False
        self._attachment: bytes | None = None

    # -- for Python code

    def couple(self, receiver: Receiver) -> None:
        """Let `receiver` take what arrives; what was held comes first.

        Raises:
            JsError: TypeError where something takes it already.
        """
        if self._released:
            raise type_error("Can't return WebSocket that was already used in a response.")
        if self._receiver is not None:
            raise type_error("Can't return WebSocket in a Response after calling accept().")
        self._released = True
        self._take(receiver)

    def hibernate(self, receiver: Receiver) -> None:
        """Let a Durable Object take what arrives; unlike `couple`, the program may still send.

        Raises:
            JsError: TypeError where something takes it already.
        """
        if self._released or self._receiver is not None:
            raise type_error(
                "Tried to make an api::WebSocket hibernatable when it was in an incompatible state."
            )
        self._take(receiver)

    def _take(self, receiver: Receiver) -> None:
        self._receiver = receiver
        while self._held:
            self._held.popleft()(receiver)

    @property
    def accepted(self) -> bool:
        """The program or a Durable Object takes what arrives."""
        return self._receiver is not None and not self._released

    def transmit(self, data: str | bytes) -> None:
        """Send from a coupled end, as from the network."""
        if not self._closed_out:
            self._peer._arrive(lambda receiver: receiver.message(data))

    def transmit_close(self, code: int = _NO_STATUS, reason: str = "") -> None:
        """Close from a coupled end, as from the network; 1005 stands for no code."""
        if self._closed_out:
            return
        self._closed_out = True
        self._peer._arrive(lambda receiver: receiver.closed(code, reason))

    def transmit_failure(self, message: str) -> None:
        """Break the connection from a coupled end, without a close."""
        self._closed_out = True
        self._peer._arrive(lambda receiver: receiver.failed(message))

    def _arrive(self, deliver: Callable[[Receiver], None]) -> None:
        if self._receiver is None:
            self._held.append(deliver)
        else:
            deliver(self._receiver)

    def closing(self, code: int) -> None:
        """A close has arrived: answer it if that is the rule."""
        self._closed_in = True
        if self._rules.auto_reply and not self._closed_out:
            self.transmit_close(code)

    def failing(self) -> None:
        """The connection is broken."""
        self._failed = True

    @property
    def attachment(self) -> bytes | None:
        """The serialised value that outlives hibernation."""
        return self._attachment

    @attachment.setter
    def attachment(self, data: bytes | None) -> None:
        self._attachment = data

    def binary(self, data: bytes) -> Value:
        """A binary message as the program wants it."""
        return ArrayBuffer.of(data) if self._binary_type == "arraybuffer" else Blob.of(data)

    # -- what JavaScript sees

    @method
    def accept(self, options: Options = NO_OPTIONS) -> None:
        if self._released:
            raise type_error("Can't accept() WebSocket that was already used in a response.")
        if self._receiver is not None:
            if not isinstance(self._receiver, _Events):
                raise type_error("Can't accept() WebSocket after enabling hibernation.")
            return
        self._take(_Events(self))

    @method
    def send(self, message: Value) -> None:
        if self._closed_out:
            raise type_error("Can't call WebSocket send() after close().")
        if self._released or self._failed:
            return
        if self._receiver is None:
            raise type_error(_NOT_ACCEPTED)
        self.transmit(bytes_of(message) if is_buffer_source(message) else to_string(message))

    @method
    def close(self, code: Value = None, reason: Value = None) -> None:
        number = None if code is None else to_int32(code)
        if number is not None and (not 1000 <= number < 5000 or number in _FORBIDDEN_CODES):
            raise dom_exception(f"Invalid WebSocket close code: {number}.", "InvalidAccessError")
        text = None if reason is None else usv_string(reason)
        if text is not None and len(text.encode()) > _LONGEST_REASON:
            raise dom_exception(
                "WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.",
                "SyntaxError",
            )
        if text is not None and number is None:
            raise dom_exception(
                "If you specify a WebSocket close reason, you must also specify a code.",
                "InvalidAccessError",
            )
        if self._closed_out or self._released or self._failed:
            return
        if self._receiver is None:
            raise type_error(_NOT_ACCEPTED)
        self.transmit_close(_NO_STATUS if number is None else number, text or "")

    @getter
    def ready_state(self) -> int:
        if self._failed or (self._closed_in and self._closed_out):
            return 3
        return 2 if self._closed_in or self._closed_out else 1

    @getter
    def url(self) -> Value:
        return null

    @getter
    def protocol(self) -> str:
        return ""

    @getter
    def extensions(self) -> str:
        return ""

    def _set_binary_type(self, value: str) -> None:
        if value in ("blob", "arraybuffer"):
            self._binary_type = value

    binary_type = Getter(lambda self: self._binary_type, _set_binary_type)

    @method
    def serialize_attachment(self, value: Value) -> None:
        from flarelocal.javascript.clone import serialize

        data = serialize(value)
        if len(data) > _LARGEST_ATTACHMENT:
            raise error(
                f"A WebSocket 'attachment' cannot be larger than {_LARGEST_ATTACHMENT} bytes."
                f"'attachment' was {len(data)} bytes."
            )
        self._attachment = data

    @method
    def deserialize_attachment(self) -> Value:
        from flarelocal.javascript.clone import deserialize

        return null if self._attachment is None else deserialize(self._attachment)


class _Events:
    """Turns what arrives into events, in the context in which the program accepted."""

    __slots__ = ("_context", "_socket")

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._context: Context = copy_context()

    def _later(self, action: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_soon(action, context=self._context.copy())

    def _dispatch(self, event: Event) -> None:
        event.trusted = True
        try:
            self._socket.dispatch(event)
        except Exception as failure:
            report(failure)

    def message(self, data: str | bytes) -> None:
        def deliver() -> None:
            shown = data if isinstance(data, str) else self._socket.binary(data)
            self._dispatch(MessageEvent("message", {"data": shown}))

        self._later(deliver)

    def closed(self, code: int, reason: str) -> None:
        def deliver() -> None:
            self._socket.closing(code)
            options = {"code": code, "reason": reason, "wasClean": True}
            self._dispatch(CloseEvent("close", options))

        self._later(deliver)

    def failed(self, message: str) -> None:
        def deliver() -> None:
            self._socket.failing()
            self._dispatch(ErrorEvent("error", {"message": message, "error": error(message)}))
            options = {"code": 1006, "reason": message, "wasClean": False}
            self._dispatch(CloseEvent("close", options))

        self._later(deliver)


class WebSocketPair(HostObject, constructible=True):
    """Two connected ends: one for the client, one for the Worker."""

    __slots__ = ("_ends",)

    def __init__(self) -> None:
        self._ends = WebSocket.connected()

    @property
    def ends(self) -> tuple[WebSocket, WebSocket]:
        """The end for the client and the one for the Worker."""
        return self._ends

    @getter(name="0", own=True)
    def first(self) -> WebSocket:
        return self._ends[0]

    @getter(name="1", own=True)
    def second(self) -> WebSocket:
        return self._ends[1]

    def iterate(self) -> Iterator[Value]:
        return iter([[0, self._ends[0]], [1, self._ends[1]]])
