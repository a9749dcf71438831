"""The WebSockets that an object accepted, which outlive its time in memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.reception import Reception
from flarelocal.sockets.connection import End, Frame

__all__ = ["AutoResponse", "HibernatableSocket", "ObjectSockets"]

_MOST_SOCKETS = 32_768
_MOST_TAGS = 10
_LONGEST_TAG_BYTES = 256
_LARGEST_RESPONSE_BYTES = 2048
_LONGEST_EVENT_MS = 604_800_000


@dataclass(frozen=True, slots=True)
class AutoResponse:
    """What is answered to a text without an event.

    Raises:
        DurableObjectError: a text has more than 2048 bytes.
    """

    request: str
    response: str

    def __post_init__(self) -> None:
        for title, text in (("Request", self.request), ("Response", self.response)):
            size = len(text.encode("utf-8", "surrogatepass"))
            if size > _LARGEST_RESPONSE_BYTES:
                article = "A request" if title == "Request" else "A response"
                raise DurableObjectError(
                    f"{title} cannot be larger than {_LARGEST_RESPONSE_BYTES} bytes. "
                    f"{article} of size {size} was provided.",
                    "RangeError",
                )


class HibernatableSocket:
    """A socket of an object, whether the object is in memory or not.

    Attributes:
        end: of the connection.
        tags: in the order in which they were given.
        attachment: the serialised value that the Worker gave it.
        closed: whether the Worker has closed it.
        answered_ms: when the last automatic response was given.
        face: what the Worker has of it; None after hibernation.
        reception: of what arrives, until the other side has closed.
    """

    __slots__ = ("answered_ms", "attachment", "closed", "end", "face", "reception", "tags")

    reception: Reception

    def __init__(self, end: End, tags: tuple[str, ...]) -> None:
        self.end = end
        self.tags = tags
        self.attachment: bytes | None = None
        self.closed = False
        self.answered_ms: int | None = None
        self.face: Any = None


class Deliver(Protocol):
    def __call__(self, socket: HibernatableSocket, frame: Frame) -> asyncio.Future[None]:
        """Hand a frame to the object; done when the next one may follow."""


class ObjectSockets:
    """The sockets of one object (workerd, io/legacy-hibernation-manager.c++).

    The frames of one socket are handed over one after the other, but do not wait until the handler
    of the one before is done; nor do sockets wait for each other.

    Args:
        deliver: hands a frame to the object.
        confirmed: calls a function when all that the object has stored is durable.
        now: the time in ms.
        keep: called for each socket, keeps the object in memory until the function that it gives
            is called; None: the object need not be there.

    Attributes:
        auto_response: what is answered without waking the object up.
        event_timeout_ms: how long a handler may take; None: as long as it likes.
    """

    def __init__(
        self,
        deliver: Deliver,
        confirmed: Callable[[Callable[[], None]], None],
        now: Callable[[], int],
        keep: Callable[[], Callable[[], None]] | None = None,
    ) -> None:
        self.auto_response: AutoResponse | None = None
        self.event_timeout_ms: int | None = None
        self._deliver = deliver
        self._confirmed = confirmed
        self._now = now
        self._keep = keep
        self._sockets: deque[HibernatableSocket] = deque()

    def __len__(self) -> int:
        return len(self._sockets)

    def accept(self, end: End, tags: tuple[str, ...]) -> HibernatableSocket:
        """Receive from `end` from now on.

        Args:
            tags: as of `distinct`.

        Raises:
            DurableObjectError: the object has too many sockets.
        """
        if len(self._sockets) >= _MOST_SOCKETS:
            raise DurableObjectError(
                f"only {_MOST_SOCKETS} websockets can be accepted on a single Durable Object "
                "instance"
            )
        socket = HibernatableSocket(end, tags)
        self._sockets.appendleft(socket)
        let_go = self._keep() if self._keep is not None else None

        def ended() -> None:
            self._sockets.remove(socket)
            # Only the Worker can keep the connection now, to close it from its side.
            socket.face = None
            del socket.reception
            if let_go is not None:
                let_go()

        socket.reception = Reception(end, partial(self._receive, socket), ended)
        return socket

    @staticmethod
    def distinct(tags: Sequence[str]) -> tuple[str, ...]:
        """The tags without repetitions.

        Raises:
            DurableObjectError: there are too many, or one is too long.
        """
        known: dict[str, None] = {}
        for tag in tags:
            if len(known) >= _MOST_TAGS:
                raise DurableObjectError(
                    f"a Hibernatable WebSocket cannot have more than {_MOST_TAGS} tags"
                )
            if len(tag.encode("utf-8", "surrogatepass")) > _LONGEST_TAG_BYTES:
                raise DurableObjectError(
                    f'"{tag}" is longer than the max tag length ({_LONGEST_TAG_BYTES} characters).'
                )
            known[tag] = None
        return tuple(known)

    def all(self, tag: str | None = None) -> list[HibernatableSocket]:
        """The sockets, the newest one first; those with a tag, the oldest one first."""
        if tag is None:
            return list(self._sockets)
        return [socket for socket in reversed(self._sockets) if tag in socket.tags]

    def limit_events(self, timeout_ms: int | None) -> None:
        """Set how long a handler may take; None or 0: as long as it likes.

        Raises:
            DurableObjectError: more than seven days.
        """
        if timeout_ms is not None and timeout_ms > _LONGEST_EVENT_MS:
            raise DurableObjectError(f"Event timeout should not exceed {_LONGEST_EVENT_MS} ms.")
        self.event_timeout_ms = timeout_ms or None

    def hibernate(self) -> None:
        """The object has left memory, and what the Worker had of its sockets with it."""
        for socket in self._sockets:
            socket.face = None

    def disconnect(self) -> None:
        """Lose all connections."""
        for socket in list(self._sockets):
            socket.reception.stop()
            socket.end.drop()

    def _receive(self, socket: HibernatableSocket, frame: Frame) -> asyncio.Future[None] | None:
        if isinstance(frame, str) and self._answer(socket, frame):
            return None
        return self._deliver(socket, frame)

    def _answer(self, socket: HibernatableSocket, text: str) -> bool:
        known = self.auto_response
        if known is None or text != known.request:
            return False
        socket.answered_ms = self._now()
        if not socket.closed:
            self._confirmed(lambda: socket.end.send(known.response))
        return True
