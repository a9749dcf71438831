"""What tests of WebSockets share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from flarelocal.javascript.web.socket_host import SocketRules, current_host
from flarelocal.javascript.web.websocket import WebSocket


class Host:
    """What the sockets of a test belong to; writes wait while `held` is a list."""

    def __init__(self, rules: SocketRules) -> None:
        self.rules = rules
        self.held: list[Callable[[], None]] | None = None
        self.drops: list[Callable[[], None]] = []
        self.open = 0
        current_host.set(self)

    def confirmed(self, write: Callable[[], None]) -> None:
        if self.held is None:
            write()
        else:
            self.held.append(write)

    async def enter(self) -> None:
        """Nothing holds events up."""

    def opened(self, drop: Callable[[], None]) -> Callable[[], None]:
        self.open += 1
        self.drops.append(drop)

        def closed() -> None:
            self.open -= 1

        return closed


def listen(socket: WebSocket, kind: str) -> list[Any]:
    events: list[Any] = []
    socket.add_event_listener(kind, events.append)
    return events


def closes(events: list[Any]) -> list[tuple[int, str, bool]]:
    return [(event.code, event.reason, event.was_clean) for event in events]


async def quiet() -> None:
    for _ in range(8):
        await asyncio.sleep(0)
