"""What the driver needs of an implementation: events for the fixture worker, from outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flarelocal.clock import VirtualClock
from flarelocal.javascript.values import Value
from tests.conformance.fixture import Fixture
from tests.conformance.realm import Realm

__all__ = ["Answer", "Bench", "PlainBench"]

Program = Callable[[Value, Value], Awaitable[None]]
"""Inner steps, as a function of `request` and `ctx`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as an HTTP client sees it."""

    status: int
    content_type: str | None
    body: bytes


class Bench(Protocol):
    """An implementation of the bindings and triggers, for one case."""

    clock: VirtualClock
    realm: Realm

    async def open(self, fixture: Fixture) -> None:
        """Build what the configuration of the case names; gives the fixture its `env`."""

    async def run(self, program: Program) -> None:
        """Carry out a program in one `fetch` event of the fixture worker."""

    async def http(self, request: dict[str, Any]) -> Answer:
        """Send a request to the server: `url` (from the slash on), `method`, `headers`, `body`."""

    async def dispatch_queue(self, queue: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """Hand a batch to the queue handler, past any queue; gives what is reported of it."""

    async def dispatch_scheduled(self, cron: str, time_ms: int | None) -> dict[str, Any]:
        """Call the scheduled handler; gives `outcome` and `noRetry`."""

    async def close(self) -> None:
        """Let go of everything."""


class PlainBench:
    """No bindings, no triggers: the globals of the runtime alone."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.realm = Realm()

    async def open(self, fixture: Fixture) -> None:
        self.clock.make_current()

    async def run(self, program: Program) -> None:
        await program(None, {})

    async def http(self, request: dict[str, Any]) -> Answer:
        raise NotImplementedError("there is no server on this bench")

    async def dispatch_queue(self, queue: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        raise NotImplementedError("there are no queues on this bench")

    async def dispatch_scheduled(self, cron: str, time_ms: int | None) -> dict[str, Any]:
        raise NotImplementedError("there are no crons on this bench")

    async def close(self) -> None:
        """Nothing is held."""
