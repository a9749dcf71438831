"""Leases against a simple model, whatever happens in whatever order."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flarelocal.queues import PullSettings
from tests.queues.stage import SECOND, Stage

T = TypeVar("T")

RETRIES = 2


@dataclass
class Letter:
    """A message of the model."""

    turn: int
    due: int = 0
    lease: str | None = None
    tries: int = 0
    """deliveries that have ended"""
    state: str = "here"
    """or "dead" or "gone\""""


class LeaseMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory()
        self.stage = Stage(Path(self.directory.name) / "queues.sqlite")
        self.letters: dict[str, Letter] = {}
        self.leases: dict[str, str] = {}
        self.turns = itertools.count()
        self.names = itertools.count()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.run(self.stage.end())
        self.loop.close()
        self.directory.cleanup()

    @property
    def now(self) -> int:
        return self.stage.clock.now()

    def line(self) -> list[str]:
        """Those that are ready, in order."""
        ready = [
            body for body, each in self.letters.items() if each.state == "here" if not each.due
        ]
        return sorted(ready, key=lambda body: self.letters[body].turn)

    def wake_up(self) -> None:
        waiting = [each for each in self.letters.values() if each.state == "here" and each.due]
        for each in sorted(waiting, key=lambda each: (each.due, each.turn)):
            if each.due <= self.now:
                each.due, each.turn = 0, next(self.turns)
                if each.lease is not None:
                    each.lease, each.tries = None, each.tries + 1

    @initialize()
    def begin(self) -> None:
        async def begin() -> None:
            await self.stage.start()
            self.stage.broker.lend(
                PullSettings("jobs", max_retries=RETRIES, dead_letter_queue="dead")
            )

        self.run(begin())

    @rule(count=st.integers(1, 4), delay=st.sampled_from([0, 0, 3]))
    def send(self, count: int, delay: int) -> None:
        bodies = [f"m{next(self.names)}" for _ in range(count)]
        for body in bodies:
            due = self.now + delay * SECOND if delay else 0
            self.letters[body] = Letter(next(self.turns), due)
        self.run(self.stage.send("jobs", *bodies, delay_s=delay))

    @precondition(lambda self: self.letters)
    @rule(limit=st.integers(1, 4), seconds=st.sampled_from([2, 5, 9]))
    def pull(self, limit: int, seconds: int) -> None:
        pulled = self.run(
            self.stage.broker.pull("jobs", limit=limit, visibility_timeout_ms=seconds * SECOND)
        )
        taken = self.line()[:limit]
        for body in taken:
            if self.letters[body].tries > RETRIES:
                self.letters[body].state = "dead"
        taken = [body for body in taken if self.letters[body].state == "here"]
        assert [leased.message.body.decode() for leased in pulled.messages] == taken
        for leased in pulled.messages:
            body = leased.message.body.decode()
            letter = self.letters[body]
            assert leased.message.attempts == letter.tries + 1
            letter.lease, letter.due = leased.lease_id, self.now + seconds * SECOND
            letter.turn = next(self.turns)
            self.leases[leased.lease_id] = body

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.leases)), unique=True))
        split = data.draw(st.integers(0, len(chosen)))
        delay = data.draw(st.sampled_from([None, 0, 4]))
        acks, retries = chosen[:split], chosen[split:]
        acked = retried = 0
        for lease in acks:
            letter = self.letters[self.leases[lease]]
            if letter.state == "here":
                letter.state = "gone"
                acked += 1
        waiting = []
        for lease in retries:
            letter = self.letters[self.leases[lease]]
            if letter.state == "here" and letter.lease == lease:
                letter.lease, letter.tries = None, letter.tries + 1
                retried += 1
                if letter.tries > RETRIES:
                    letter.state = "dead"
                else:
                    waiting.append(letter)
        for letter in waiting:
            letter.turn = next(self.turns)
            letter.due = self.now + delay * SECOND if delay else 0
        returned = self.run(
            self.stage.broker.give_back("jobs", acks=acks, retries=dict.fromkeys(retries, delay))
        )
        assert (returned.acked, returned.retried) == (acked, retried)
        assert len(returned.warnings) == len(chosen) - acked - retried

    @rule(seconds=st.sampled_from([1, 2, 5]))
    def advance(self, seconds: int) -> None:
        self.run(self.stage.advance(seconds))
        self.wake_up()

    @rule(seconds=st.sampled_from([0, 3]))
    def crash(self, seconds: int) -> None:
        async def crash() -> None:
            await self.stage.crash()
            await self.stage.advance(seconds)
            await self.stage.start()
            await self.stage.clock.idle()

        self.run(crash())
        self.wake_up()

    @precondition(lambda self: self.letters)
    @invariant()
    def the_model_agrees(self) -> None:
        info = self.run(self.stage.broker.info("jobs"))
        here = [each for each in self.letters.values() if each.state == "here"]
        assert (info.ready, info.delayed, info.in_flight, info.dead_letters) == (
            len(self.line()),
            len([each for each in here if each.due and each.lease is None]),
            len([each for each in here if each.lease is not None]),
            len([each for each in self.letters.values() if each.state == "dead"]),
        )


TestLeases = LeaseMachine.TestCase
TestLeases.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
