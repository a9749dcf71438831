"""WebSocket."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.errors import JsError, dom_exception, error, type_error
from flarelocal.javascript.host import Getter, getter, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import NO_OPTIONS, Options, USVString, to_boolean, usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.event import CloseEvent, ErrorEvent, Event
from flarelocal.javascript.web.event_target import EventTarget
from flarelocal.javascript.web.socket_host import Accepted, SocketHost, current_host
from flarelocal.sockets.connection import NO_STATUS, Broken, Close, End, Frame, Lost

if TYPE_CHECKING:
    from flarelocal.javascript.web.websocket_opening import Opening
    from flarelocal.javascript.web.websocket_reader import Reader

__all__ = ["DISCONNECTED", "WebSocket"]

DISCONNECTED = "WebSocket disconnected without sending Close frame."
"""The reason of a close that never came; its code is 1006."""

_NOT_ACCEPTED = (
    "You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending"
    " messages."
)
_FORBIDDEN_CODES = frozenset({1004, 1005, 1006, 1015})
_LONGEST_REASON = 123
_LARGEST_ATTACHMENT = 16384


class _State(Enum):
    CONNECTING = auto()
    NEW = auto()
    """Nobody receives yet: the socket may be accepted or go into a response."""
    ACCEPTED = auto()
    RELEASED = auto()


class WebSocket(EventTarget, constructible=True):
    """One end of a connection, as a program sees it (workerd, api/web-socket.c++)."""

    __slots__ = (
        "__weakref__",
        "_accepted",
        "_attachment",
        "_binary_type",
        "_closed_in",
        "_closed_out",
        "_end",
        "_extensions",
        "_failure",
        "_half_open",
        "_host",
        "_lost",
        "_opening",
        "_peer",
        "_protocol",
        "_reader",
        "_state",
        "_url",
    )

    constants: ClassVar[dict[str, Value]] = {
        prefix + name: number
        for prefix in ("", "READY_STATE_")
        for number, name in enumerate(("CONNECTING", "OPEN", "CLOSING", "CLOSED"))
    }
    shared_constants = True

    _opening: Opening | None

    def __init__(self, url: USVString, protocols: Value = None) -> None:
        from flarelocal.javascript.web.websocket_address import address, protocols_of
        from flarelocal.javascript.web.websocket_opening import Opening

        handshake, names = address(url), protocols_of(protocols)
        self._begin(None)
        self._state = _State.CONNECTING
        self._url: str | None = url
        self._opening = Opening(self, self._host, handshake, names)

    @classmethod
    def of(cls, end: End) -> WebSocket:
        """What a program gets of an end that nobody receives from yet."""
        made = cls.__new__(cls)
        made._begin(end)
        return made

    @classmethod
    def pair(cls) -> tuple[WebSocket, WebSocket]:
        """The two ends of a new connection."""
        left, right = map(cls.of, End.pair())
        left._peer, right._peer = weakref.ref(right), weakref.ref(left)
        return left, right

    @classmethod
    def revived(cls, accepted: Accepted, host: SocketHost) -> WebSocket:
        """A new face of a socket that a Durable Object accepted earlier."""
        made = cls.of(accepted.end)
        made._state, made._host, made._accepted = _State.ACCEPTED, host, accepted
        made._closed_out = accepted.closed
        return made

    def _begin(self, end: End | None) -> None:
        self._end = end
        self._host = current_host.get()
        self._state = _State.NEW
        self._url = None
        self._protocol: str | None = ""
        self._extensions: str | None = ""
        self._binary_type: str | None = None
        self._half_open = False
        self._closed_in = self._closed_out = self._lost = False
        self._failure: JsError | None = None
        self._attachment: bytes | None = None
        self._accepted: Accepted | None = None
        self._peer: weakref.ref[WebSocket] | None = None
        self._opening = None
        self._reader: Reader | None = None

    # -- for Python code

    @property
    def accepted(self) -> Accepted | None:
        """What a Durable Object keeps of it; None where none accepted it."""
        return self._accepted

    @property
    def receiving(self) -> bool:
        """Whether somebody accepted it."""
        return self._state is _State.ACCEPTED

    @property
    def peer_is_new(self) -> bool:
        """Whether the other end of its pair is there and still to be put into a response."""
        peer = self._peer() if self._peer else None
        return peer is not None and peer._state is _State.NEW

    def release(self) -> End:
        """Take the end away: it goes into a response.

        Raises:
            JsError: TypeError; something receives from it already.
        """
        if self._state is _State.CONNECTING:
            raise type_error(
                "Can't return WebSocket in a Response if it was created with `new WebSocket()`"
            )
        if self._state is _State.RELEASED:
            raise type_error("Can't return WebSocket that was already used in a response.")
        if self._state is _State.ACCEPTED:
            by = "acceptWebSocket" if self._accepted else "accept"
            raise type_error(f"Can't return WebSocket in a Response after calling {by}().")
        self._state = _State.RELEASED
        return self._take_end()

    def hibernate(self, accept: Callable[[End], Accepted]) -> None:
        """Let a Durable Object receive; the program may still send.

        Args:
            accept: takes the end over.

        Raises:
            JsError: TypeError; something receives from it already.
        """
        if self._state is not _State.NEW:
            raise type_error(
                "Tried to make an api::WebSocket hibernatable when it was in an incompatible state."
            )
        assert self._end is not None
        self._accepted = accept(self._end)
        self._accepted.attachment = self._attachment
        self._host = current_host.get()
        self._state = _State.ACCEPTED

    def _take_end(self) -> End:
        end, self._end = self._end, None
        assert end is not None
        return end

    def opened(self, end: End, protocol: str | None, extensions: str | None) -> None:
        """The server has agreed to the handshake."""
        self._end, self._protocol, self._extensions = end, protocol, extensions
        self._half_open = not self._host.rules.auto_reply
        self._state = _State.ACCEPTED
        self.fire(Event("open"))
        self._read()

    def refused(self, reason: JsError) -> None:
        """The handshake failed."""
        self._closed_in = True
        self._report(reason)
        self.fire(
            CloseEvent(
                "close",
                {
                    "code": 1006,
                    "reason": "Failed to establish websocket connection",
                    "wasClean": False,
                },
            )
        )

    def arrived(self, frame: Close | Lost | Broken) -> None:
        """The other side sends nothing more: tell the program."""
        if isinstance(frame, Close):
            self._closed_in = True
            if not self._half_open and self._open_out:
                self._send(frame)
            options = {"code": frame.code, "reason": frame.reason, "wasClean": True}
            self.fire(CloseEvent("close", options))
        elif isinstance(frame, Lost):
            options = {"code": 1006, "reason": DISCONNECTED, "wasClean": False}
            self._lost = True
            self.fire(CloseEvent("close", options))
            self._closed_in = True
        else:
            self._closed_in = True
            self._report(error(frame.message))

    def ended(self, *, lost: bool) -> None:
        """The other side sends nothing more, as the program is about to hear.

        Args:
            lost: whether it takes nothing any more, either.
        """
        self._closed_in = True
        self._lost = lost

    def _report(self, failure: JsError) -> None:
        self._failure = failure
        self.fire(ErrorEvent("error", {"message": f"Uncaught {failure}", "error": failure}))

    def fire(self, event: Event) -> None:
        """Dispatch an event of the runtime's; errors of listeners are reported."""
        from flarelocal.javascript.web.console import report

        event.trusted = True
        try:
            self.dispatch(event)
        except Exception as failure:
            report(failure)

    def _read(self) -> None:
        from flarelocal.javascript.web.websocket_reader import Reader

        assert self._end is not None
        self._state = _State.ACCEPTED
        self._host = current_host.get()
        self._reader = Reader(self, self._end, self._host)

    @property
    def _open_out(self) -> bool:
        return not (self._closed_out or self._lost or self._failure or self._end is None)

    def _send(self, frame: Frame) -> None:
        end = self._end
        assert end is not None
        if isinstance(frame, Close):
            self._closed_out = True
            if self._accepted is not None:
                self._accepted.closed = True
        self._host.confirmed(lambda: end.send(frame))

    # -- what JavaScript sees

    @method
    def accept(self, options: Options = NO_OPTIONS) -> None:
        if self._state is _State.CONNECTING:
            raise type_error(
                "Websockets obtained from the 'new WebSocket()' constructor cannot call accept"
            )
        over = self._closed_in and (self._closed_out or self._lost)
        if over or self._state is _State.RELEASED:
            raise type_error("Can't accept() WebSocket that was already used in a response.")
        if self._state is _State.ACCEPTED:
            if self._accepted is not None:
                raise type_error("Can't accept() WebSocket after enabling hibernation.")
            return
        half_open = options.get("allowHalfOpen")
        rules = current_host.get().rules
        self._half_open = not rules.auto_reply if half_open is None else to_boolean(half_open)
        self._read()

    @method
    def send(self, message: Value) -> None:
        if self._closed_out:
            raise type_error("Can't call WebSocket send() after close().")
        if self._state is _State.RELEASED or self._lost or self._failure is not None:
            return
        if self._state is not _State.ACCEPTED:
            raise type_error(_NOT_ACCEPTED)
        self._send(bytes_of(message) if is_buffer_source(message) else usv_string(message))

    @method
    def close(self, code: Value = None, reason: Value = None) -> None:
        number = None if code is None else to_int32(code)
        text = None if reason is None else usv_string(reason)
        self._check_close(number, text)
        if self._state is _State.CONNECTING:
            self._state = _State.RELEASED
            assert self._opening is not None
            self._opening.stop()
            return
        if not self._open_out or self._state is _State.RELEASED:
            return
        if self._state is not _State.ACCEPTED:
            raise type_error(_NOT_ACCEPTED)
        self._send(Close(NO_STATUS if number is None else number, text or ""))

    def _check_close(self, code: int | None, reason: str | None) -> None:
        rules = current_host.get().rules
        if code is not None:
            if rules.pedantic:
                allowed = code == 1000 or 3000 <= code < 5000
            else:
                allowed = 1000 <= code < 5000 and code not in _FORBIDDEN_CODES
            if not allowed:
                raise dom_exception(f"Invalid WebSocket close code: {code}.", "InvalidAccessError")
        if reason is not None and rules.short_reasons and len(reason.encode()) > _LONGEST_REASON:
            raise dom_exception(
                "WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.",
                "SyntaxError",
            )
        if reason is not None and code is None:
            raise dom_exception(
                "If you specify a WebSocket close reason, you must also specify a code.",
                "InvalidAccessError",
            )

    @getter
    def ready_state(self) -> int:
        if self._failure is not None or (self._closed_in and self._closed_out):
            return 3
        if self._closed_in or self._closed_out:
            return 2
        return 0 if self._state is _State.CONNECTING else 1

    @getter
    def buffered_amount(self) -> int:
        return 0 if self._end is None else self._end.waiting_bytes

    @getter
    def url(self) -> Value:
        return null if self._url is None else self._url

    @getter
    def protocol(self) -> Value:
        return null if self._protocol is None else self._protocol

    @getter
    def extensions(self) -> Value:
        return null if self._extensions is None else self._extensions

    def _get_binary_type(self) -> str:
        return self._binary_type or ("blob" if current_host.get().rules.blobs else "arraybuffer")

    def _set_binary_type(self, value: str) -> None:
        if value in ("blob", "arraybuffer"):
            self._binary_type = value

    binary_type = Getter(_get_binary_type, _set_binary_type)

    @method
    def serialize_attachment(self, value: Value) -> None:
        from flarelocal.javascript.clone import serialize

        data = serialize(value)
        if len(data) > _LARGEST_ATTACHMENT:
            raise error(
                f"A WebSocket 'attachment' cannot be larger than {_LARGEST_ATTACHMENT} bytes."
                f"'attachment' was {len(data)} bytes."
            )
        if self._accepted is None:
            self._attachment = data
        else:
            self._accepted.attachment = data

    @method
    def deserialize_attachment(self) -> Value:
        from flarelocal.javascript.clone import deserialize

        data = self._attachment if self._accepted is None else self._accepted.attachment
        return null if data is None else deserialize(data)
