"""The WebSockets that events of a Worker accepted or opened."""

from __future__ import annotations

from collections.abc import Callable

from flarelocal.javascript.web.socket_host import SocketRules
from flarelocal.worker.invocation import Invocation

__all__ = ["WorkerSockets"]


class WorkerSockets:
    """What the sockets of a Worker belong to: each to the event that uses it."""

    def __init__(self, rules: SocketRules) -> None:
        self.rules = rules
        self._drops: dict[Invocation | None, dict[object, Callable[[], None]]] = {}
        self._waiting: dict[Invocation, Callable[[], None]] = {}

    def confirmed(self, write: Callable[[], None]) -> None:
        """Call the function at once: events that are no objects store nothing."""
        write()

    async def enter(self) -> None:
        """Nothing holds up what arrives."""

    def opened(self, drop: Callable[[], None]) -> Callable[[], None]:
        invocation = Invocation.current()
        socket = object()
        self._drops.setdefault(invocation, {})[socket] = drop

        def closed() -> None:
            drops = self._drops.get(invocation, {})
            drops.pop(socket, None)
            if not drops:
                self._drops.pop(invocation, None)
                if invocation is not None and (waiting := self._waiting.pop(invocation, None)):
                    waiting()

        return closed

    def when_closed(self, invocation: Invocation, action: Callable[[], None]) -> None:
        """Call a function as soon as an event uses no socket."""
        if invocation in self._drops:
            self._waiting[invocation] = action
        else:
            action()

    def drop(self, invocation: Invocation) -> None:
        """Lose the connections of an event."""
        if invocation in self._drops:
            for drop in list(self._drops[invocation].values()):
                drop()

    def drop_all(self) -> None:
        """Lose all connections."""
        for drops in list(self._drops.values()):
            for drop in list(drops.values()):
                drop()
