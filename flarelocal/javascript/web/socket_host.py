"""What the WebSockets of a program belong to, and the rules that they follow."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Protocol

from flarelocal.dataclass import dataclass
from flarelocal.sockets.connection import End

__all__ = ["Accepted", "SocketHost", "SocketRules", "current_host"]


@dataclass(frozen=True, slots=True)
class SocketRules:
    """What depends on the compatibility date.

    Attributes:
        auto_reply: a close is answered by itself (`web_socket_auto_reply_to_close`, 2026-04-07).
        blobs: binary messages are at first Blobs, not ArrayBuffers
            (`websocket_standard_binary_type`, 2026-03-17).
        short_reasons: the reason of a close has at most 123 bytes
            (`websocket_close_reason_byte_limit`, 2026-03-03).
        compression: messages may be compressed (`web_socket_compression`, 2023-08-15).
        pedantic: closes have the codes of the standard only (`pedantic_wpt`).
        largest: how many bytes a message from the network may have
            (32 MiB; 128 with `increase_websocket_message_size`).
    """

    auto_reply: bool = True
    blobs: bool = True
    short_reasons: bool = True
    compression: bool = True
    pedantic: bool = False
    largest: int = 32 << 20


class SocketHost(Protocol):
    """What sockets belong to: an event of a Worker, or a Durable Object."""

    @property
    def rules(self) -> SocketRules: ...

    def confirmed(self, write: Callable[[], None]) -> None:
        """Call a function when nothing that was stored before can get lost any more."""

    async def enter(self) -> None:
        """Wait until an event may reach the program."""

    def opened(self, drop: Callable[[], None]) -> Callable[[], None]:
        """A socket is in use from now on, until the function which this gives is called.

        Args:
            drop: loses the connection; for when the host ends before.
        """


class Accepted(Protocol):
    """What a Durable Object keeps of a socket that it accepted; outlives this face of it."""

    end: End
    attachment: bytes | None
    closed: bool
    """The program has closed it."""


class _NoHost:
    """For programs that belong to no Worker."""

    rules = SocketRules()

    def confirmed(self, write: Callable[[], None]) -> None:
        write()

    async def enter(self) -> None:
        """Nothing holds events up."""

    def opened(self, drop: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


_NO_HOST = _NoHost()

current_host: ContextVar[SocketHost] = ContextVar("socket_host", default=_NO_HOST)
"""What the sockets of the present program belong to."""
