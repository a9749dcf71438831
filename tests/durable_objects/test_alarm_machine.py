"""Alarms against a model, under any steps of the clock."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flarelocal.clock import VirtualClock
from flarelocal.durable_objects import AlarmInfo, DurableObjectError
from tests.durable_objects.stage import Instance, Stage

T = TypeVar("T")

objects = st.sampled_from("ab")
delays = st.integers(-1000, 20_000)
outcomes = st.lists(st.sampled_from(["succeed", "fail", "set", "set and fail"]), max_size=8)

MOST_ATTEMPTS = 7


@dataclass
class Model:
    """What one object is expected to do.

    Attributes:
        alarm: the time which is set.
        attempts: how many there were for it.
        next: between which times the next attempt comes.
        script: how the following attempts end; then all succeed.
    """

    alarm: int | None = None
    attempts: int = 0
    next: tuple[float, float] = (0, 0)
    script: list[str] = field(default_factory=list)

    def set(self, when: int | None) -> None:
        self.alarm, self.attempts = when, 0
        self.next = (when or 0, when or 0)

    def attempted(self, outcome: str, now: int) -> None:
        delay = 2000 << self.attempts
        self.attempts += 1
        self.next = (now + delay, now + delay * 1.25)
        if outcome == "succeed" or self.attempts == MOST_ATTEMPTS:
            self.set(None)


class AlarmMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory()
        self.models = {name: Model() for name in "ab"}
        self.start(VirtualClock())

    def start(self, clock: VirtualClock) -> None:
        async def make() -> Stage:
            return Stage(Path(self.directory.name), clock=clock)

        self.stage = self.run(make())
        self.stage.ringing = self.ring

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def ring(self, instance: Instance, info: AlarmInfo) -> None:
        now = self.stage.clock.now()
        model = self.models[instance.actor.id.name or ""]
        earliest, latest = model.next
        assert model.alarm == info.scheduled_ms
        assert model.attempts == info.retry_count
        assert earliest <= now <= latest
        outcome = model.script.pop(0) if model.script else "succeed"
        if outcome.startswith("set"):
            instance.actor.set_alarm(now + 500)
        # Who sets the time that is set already writes nothing: the same alarm is tried again.
        same = outcome == "set and fail" and model.alarm == now + 500
        if outcome.startswith("set") and not same:
            model.set(now + 500)
        else:
            model.attempted(outcome, now)
        if outcome.endswith("fail"):
            raise LookupError

    @rule(name=objects, delay=delays, script=outcomes)
    def set_alarm(self, name: str, delay: int, script: list[str]) -> None:
        now = self.stage.clock.now()
        self.run(self.stage.do(lambda i: i.actor.set_alarm(now + delay), name))
        when = max(now, now + delay)
        if when != self.models[name].alarm:
            self.models[name].set(when)
        self.models[name].script = list(script)

    @rule(name=objects)
    def delete_alarm(self, name: str) -> None:
        self.run(self.stage.do(lambda i: i.storage.alarm.set(None), name))
        self.models[name].set(None)

    @rule(name=objects)
    def abort(self, name: str) -> None:
        async def event(instance: Instance) -> None:
            instance.actor.set_alarm(self.stage.clock.now() + 1)
            instance.actor.abort()

        async def call() -> None:
            await asyncio.gather(self.stage.run(event, name), return_exceptions=True)

        self.run(call())

    @rule(name=objects, fails=st.booleans())
    def transact(self, name: str, fails: bool) -> None:
        model = self.models[name]
        when = self.stage.clock.now() + 700

        def work(instance: Instance) -> None:
            def write() -> None:
                instance.actor.set_alarm(when)
                if fails:
                    raise LookupError

            with suppress(LookupError):
                instance.storage.transaction_sync(write)

        self.run(self.stage.do(work, name))
        if not fails and model.alarm != when:
            model.set(when)

    @rule(name=objects)
    def ring_by_hand(self, name: str) -> None:
        model = self.models[name]
        now = self.stage.clock.now()

        async def ring() -> bool:
            attempt = self.stage.namespace.alarms.fire(self.stage.namespace.ids.from_name(name))
            if attempt is not None:
                model.next = (now, now)
                await attempt
            return attempt is not None

        expected = model.alarm is not None
        assert self.run(ring()) == expected

    @rule(name=objects)
    def evict(self, name: str) -> None:
        with suppress(DurableObjectError):
            self.run(self.stage.namespace.evict(self.stage.namespace.ids.from_name(name)))

    @rule(ms=st.one_of(st.integers(0, 100), st.integers(0, 30_000), st.integers(0, 400_000)))
    def advance(self, ms: int) -> None:
        self.run(self.stage.clock.advance(ms))

    @rule(pause=st.integers(0, 60_000))
    def restart(self, pause: int) -> None:
        clock = self.stage.clock
        self.run(self.stage.end())
        self.begin_anew(clock, pause)

    @rule(pause=st.integers(0, 60_000))
    def die(self, pause: int) -> None:
        clock = self.stage.clock
        # What is written during a turn is on disk when that is over.
        self.run(asyncio.sleep(0))
        left = self.directory
        self.directory = tempfile.TemporaryDirectory()
        shutil.copytree(left.name, self.directory.name, dirs_exist_ok=True)
        self.run(self.stage.end())
        left.cleanup()
        self.begin_anew(clock, pause)

    def begin_anew(self, clock: VirtualClock, pause: int) -> None:
        self.run(clock.advance(pause))
        now = clock.now()
        for model in self.models.values():
            if model.alarm is not None:
                # Counters begin anew, and what is overdue rings at once.
                model.attempts = 0
                model.next = (max(now, model.alarm), max(now, model.alarm))
        self.start(clock)
        self.run(clock.advance(0))

    @invariant()
    def nothing_is_overdue(self) -> None:
        now = self.stage.clock.now()
        for model in self.models.values():
            assert model.alarm is None or model.next[1] >= now

    @invariant()
    def objects_tell_their_alarm(self) -> None:
        for name, model in self.models.items():
            alarm = self.run(self.stage.do(lambda i: i.storage.alarm.get(), name))
            assert alarm == model.alarm

    def teardown(self) -> None:
        self.run(self.stage.end())
        self.loop.close()
        self.directory.cleanup()


TestAlarms = AlarmMachine.TestCase
TestAlarms.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
