"""The fixture worker: its handlers carry out the scripts of the case."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from flarelocal.clock import Clock
from flarelocal.javascript.values import Value
from tests.conformance.log import Log
from tests.conformance.realm import Realm, property_of
from tests.conformance.steps import Outcome, Scene, Script, Step, outcome_of
from tests.conformance.values import encode
from tests.conformance.vectors import Case

__all__ = ["Fixture", "Program"]

Roots = dict[str, Value]


@dataclass(slots=True)
class Program:
    """The steps of an `in`, on their way to the object.

    Attributes:
        token: what goes by RPC in place of them.
        begun: whether they arrived.
    """

    token: str
    steps: list[Step]
    outcomes: list[Outcome] = field(default_factory=list)
    begun: bool = False
    end: Outcome = field(default_factory=dict)

    def outcome(self) -> Outcome:
        """What is known of the event in the object."""
        return {"steps": self.outcomes, **self.end} if self.begun else {}


class Fixture:
    """What the handlers and objects of one case share.

    Attributes:
        env: the bindings; set before the first event.
        waiting: programs of the driver, for the next `fetch` events.
    """

    def __init__(self, case: Case, realm: Realm, clock: Clock) -> None:
        self.case = case
        self.realm = realm
        self.clock = clock
        self.log = Log(clock)
        self.env: Value = {}
        self.waiting: deque[Callable[[Value, Value], Awaitable[None]]] = deque()
        self._programs: dict[str, Program] = {}
        self._tokens = itertools.count()

    def scene(self, roots: Roots) -> Scene:
        """A new scene; `env` is at hand everywhere."""
        return Scene(self, {"env": self.env, **roots})

    # -- programs that go to objects

    def program(self, steps: list[Step]) -> Program:
        """Register steps for an object to carry out."""
        token = f"program-{next(self._tokens)}"
        self._programs[token] = Program(token, steps)
        return self._programs[token]

    async def perform(self, token: str, scene: Scene) -> None:
        """Carry out a program, in the object."""
        program = self._programs[token]
        program.begun = True
        script = Script(scene, program.outcomes)
        try:
            value = await script.run(program.steps)
        except Exception as error:
            program.end = outcome_of(error)
            return
        if script.returned:
            program.end = {"value": encode(value)}

    # -- handlers

    async def queue(self, batch: Value, ctx: Value) -> Value:
        """The handler `queue`."""
        queue = property_of(batch, "queue")
        messages = [
            {name: encode(property_of(message, name)) for name in _MESSAGE}
            for message in property_of(batch, "messages")
        ]
        roots = {"batch": batch, "ctx": ctx}
        scripts = self.case.scripts.get("queue", {}).get(queue)
        fields = {"queue": queue, "messages": messages}
        return await self.logged("queue", queue, fields, scripts, roots)

    async def scheduled(self, controller: Value, ctx: Value) -> Value:
        """The handler `scheduled`."""
        known = {name: encode(property_of(controller, name)) for name in ("cron", "scheduledTime")}
        roots = {"controller": controller, "ctx": ctx}
        scripts = self.case.scripts.get("scheduled")
        return await self.logged("scheduled", "", {"controller": known}, scripts, roots)

    async def logged(
        self,
        handler: str,
        subject: str,
        fields: dict[str, Any],
        scripts: list[list[Step]] | None,
        roots: Roots,
    ) -> Value:
        """One run of a handler: its script, with an entry in the log."""
        entry = self.log.begin(handler, subject, fields)
        script = Script(self.scene(roots), entry.fields["steps"])
        try:
            value = await script.run(script_of(scripts, entry.fields["n"]))
        except Exception as error:
            self.log.end(entry, outcome_of(error))
            raise
        self.log.end(entry, {"value": encode(value)})
        return value

    def logged_at_once(
        self, handler: str, subject: str, fields: dict[str, Any], scripts: Any, roots: Roots
    ) -> None:
        """The same for a handler that must not await: a constructor."""
        entry = self.log.begin(handler, subject, fields)
        script = Script(self.scene(roots), entry.fields["steps"], sync=True)
        try:
            value = script.run_at_once(script_of(scripts, entry.fields["n"]))
        except Exception as error:
            self.log.end(entry, outcome_of(error))
            raise
        self.log.end(entry, {"value": encode(value)})

    def counter(self, start: int) -> Value:
        """A new `Counter`."""
        from tests.conformance.rpc_fixture import Counter

        return Counter(start)


_MESSAGE = ("id", "timestamp", "attempts", "body")


def script_of(scripts: list[list[Step]] | None, run: int) -> list[Step]:
    """The script of the run with this number; the last one serves all that follow."""
    return scripts[min(run, len(scripts) - 1)] if scripts else []
