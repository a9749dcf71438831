"""The broker against a simple model, whatever happens in whatever order."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flarelocal.queues import Batch, ConsumerSettings, QueueSettings, Verdict
from tests.queues.stage import SECOND, Stage, texts

T = TypeVar("T")

RETRIES = 2
TIMEOUT_S = 2
RETENTION_S = 60
CONCURRENCY = 2

delays = st.sampled_from([None, 0, 1, 5, 30])
decisions = st.sampled_from(["nothing", "ack", "retry", "retry now", "retry later"])


@dataclass
class Letter:
    """A message of the model."""

    body: str
    state: str
    """"ready", "delayed", "flying", "dead" or "gone\""""
    turn: int
    due: int
    expires: int
    tries: int = 0
    """deliveries that have ended"""


@dataclass
class Flight:
    """A batch that the consumer has."""

    batch: Batch
    letters: list[Letter]
    landing: asyncio.Future[Verdict] = field(repr=False)


class QueueMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory()
        self.stage = Stage(Path(self.directory.name) / "queues.sqlite")
        self.letters: dict[str, Letter] = {}
        self.flights: list[Flight] = []
        self.turns = itertools.count()
        self.names = itertools.count()
        self.size = 3
        self.paused = False

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.run(self.stage.end())
        self.loop.close()
        self.directory.cleanup()

    @property
    def now(self) -> int:
        return self.stage.clock.now()

    def those(self, *states: str) -> list[Letter]:
        chosen = [letter for letter in self.letters.values() if letter.state in states]
        return sorted(chosen, key=lambda letter: letter.turn)

    # The model's side of what happens by itself.

    def promote(self) -> None:
        due = [letter for letter in self.those("delayed") if letter.due <= self.now]
        for letter in sorted(due, key=lambda letter: (letter.due, letter.turn)):
            letter.state, letter.turn = "ready", next(self.turns)

    def expire(self) -> None:
        for letter in self.those("ready", "delayed", "flying"):
            if letter.expires <= self.now:
                letter.state = "gone"

    async def dispatch(self, batch: Batch) -> Verdict:
        self.promote()
        assert not self.paused
        assert 1 <= len(batch.messages) <= self.size
        assert len(self.flights) < CONCURRENCY
        line = [letter for letter in self.those("ready") if letter.tries <= RETRIES]
        letters = [self.letters[message.body.decode()] for message in batch.messages]
        assert letters == line[: len(letters)]
        for letter, message in zip(letters, batch.messages, strict=True):
            assert message.attempts == letter.tries + 1
            letter.state = "flying"
        flight = Flight(batch, letters, self.loop.create_future())
        self.flights.append(flight)
        return await flight.landing

    # What people and programs do.

    async def begin(self) -> None:
        await self.stage.rise()
        self.consume()
        await self.stage.broker.start()
        await self.stage.clock.idle()

    def consume(self) -> None:
        self.stage.broker.consume(
            ConsumerSettings(
                "jobs",
                max_batch_size=self.size,
                max_batch_timeout_s=TIMEOUT_S,
                max_retries=RETRIES,
                dead_letter_queue="dead",
                max_concurrency=CONCURRENCY,
                retry_delay_s=0,
            ),
            self.dispatch,
        )

    @initialize()
    def initially(self) -> None:
        async def begin() -> None:
            await self.begin()
            await self.stage.broker.configure("jobs", QueueSettings(retention_s=RETENTION_S))

        self.run(begin())

    @rule(delay=delays, own=st.lists(delays, min_size=1, max_size=5))
    def send(self, delay: int | None, own: list[int | None]) -> None:
        messages = []
        for seconds in own:
            body = f"m{next(self.names)}"
            wait = (seconds if seconds is not None else delay) or 0
            self.letters[body] = Letter(
                body,
                "delayed" if wait else "ready",
                next(self.turns),
                self.now + wait * SECOND,
                self.now + RETENTION_S * SECOND,
            )
            messages += texts(body, delay_s=seconds)

        async def send() -> None:
            await self.stage.broker.send("jobs", messages, delay_s=delay)
            await self.stage.clock.idle()

        self.run(send())

    @precondition(lambda self: self.flights)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        flight = data.draw(st.sampled_from(self.flights))
        said = data.draw(
            st.lists(decisions, min_size=len(flight.letters), max_size=len(flight.letters))
        )
        whole = data.draw(st.sampled_from(["nothing", "ack", "retry", "retry later"]))
        outcome = data.draw(st.sampled_from(["ok", "exception"]))
        messages = flight.batch.messages
        seconds = {"retry": None, "retry now": 0, "retry later": 3}
        verdict = Verdict(
            outcome,
            ack_all=whole == "ack",
            retry_all=whole.startswith("retry"),
            retry_all_delay_s=7 if whole == "retry later" else None,
            explicit_acks=frozenset(
                message.id for message, word in zip(messages, said, strict=True) if word == "ack"
            ),
            retries={
                message.id: seconds[word]
                for message, word in zip(messages, said, strict=True)
                if word.startswith("retry")
            },
        )
        later = 7 if whole == "retry later" else 0
        returned: list[tuple[int, Letter]] = []
        for letter, word in zip(flight.letters, said, strict=True):
            if word.startswith("retry"):
                own = seconds[word]
                returned.append((later if own is None else own, letter))
            elif word == "ack" or whole == "ack" or (whole == "nothing" and outcome == "ok"):
                letter.state = "gone"
            else:
                returned.append((later, letter))
        first_seen = list(dict.fromkeys(wait for wait, _ in returned))
        for wait, letter in sorted(returned, key=lambda pair: first_seen.index(pair[0])):
            if letter.state == "gone":
                continue
            letter.tries += 1
            letter.turn = next(self.turns)
            letter.due = self.now + wait * SECOND
            if letter.tries > RETRIES:
                self.bury(letter)
            else:
                letter.state = "delayed" if wait else "ready"
        self.flights.remove(flight)
        flight.landing.set_result(verdict)
        self.run(self.stage.clock.idle())

    def bury(self, letter: Letter) -> None:
        letter.state, letter.tries = "dead", 0

    @rule(seconds=st.sampled_from([0.5, 1, 2, 3, 10, 31]))
    def advance(self, seconds: float) -> None:
        self.run(self.stage.advance(seconds))
        self.expire()
        self.promote()

    @rule(seconds=st.sampled_from([0, 0, 4, 61]))
    def crash(self, seconds: int) -> None:
        async def crash() -> None:
            await self.stage.crash()
            await self.stage.advance(seconds)

        self.run(crash())
        for letter in self.those("flying"):
            letter.state, letter.tries = "ready", letter.tries + 1
        self.flights.clear()
        self.expire()
        self.promote()
        self.run(self.begin())

    @rule()
    def purge(self) -> None:
        async def purge() -> None:
            await self.stage.broker.purge("jobs")
            await self.stage.clock.idle()

        for letter in self.those("ready", "delayed", "flying"):
            letter.state = "gone"
        self.run(purge())

    @rule()
    def toggle(self) -> None:
        async def toggle() -> None:
            broker = self.stage.broker
            await (broker.pause if self.paused else broker.resume)("jobs")
            await self.stage.clock.idle()

        self.paused = not self.paused
        self.run(toggle())

    @rule(size=st.integers(1, 4))
    def reload(self, size: int) -> None:
        async def reload() -> None:
            self.consume()
            await self.stage.clock.idle()

        self.size = size
        self.run(reload())

    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        stored = self.run(self.stage.broker.peek("jobs", limit=1_000))
        if stored:
            message = data.draw(st.sampled_from(stored)).message
            self.letters[message.body.decode()].state = "gone"

            async def discard() -> None:
                assert await self.stage.broker.discard("jobs", [message.id]) == [message.id]
                await self.stage.clock.idle()

            self.run(discard())

    @precondition(lambda self: self.those("dead"))
    @rule(data=st.data())
    def redrive(self, data: st.DataObject) -> None:
        stored = self.run(self.stage.broker.peek("dead", limit=1_000))
        chosen = data.draw(st.lists(st.sampled_from(stored), min_size=1, unique_by=id))
        everything = data.draw(st.booleans())
        for each in stored:
            if everything or each in chosen:
                letter = self.letters[each.message.body.decode()]
                letter.state, letter.turn = "ready", next(self.turns)
                letter.expires = self.now + RETENTION_S * SECOND

        async def redrive() -> None:
            ids = None if everything else [each.message.id for each in chosen]
            count = await self.stage.broker.redrive("dead", ids)
            assert count == (len(stored) if everything else len(chosen))
            await self.stage.clock.idle()

        self.run(redrive())

    # What has to hold at all times.

    @invariant()
    def the_model_agrees(self) -> None:
        if self.letters:
            self.the_same_messages_are_in_the_same_places()
            self.the_counts_are_right()
            self.nothing_waits_for_ever()

    def the_same_messages_are_in_the_same_places(self) -> None:
        jobs = self.run(self.stage.broker.peek("jobs", limit=1_000))
        dead = self.run(self.stage.broker.peek("dead", limit=1_000))
        buried = {each.message.body.decode() for each in dead}
        for letter in self.those("ready"):
            if letter.tries > RETRIES and letter.body in buried:
                letter.turn = next(self.turns)
                self.bury(letter)
        places = {"ready": "ready", "delayed": "delayed", "flying": "in_flight"}
        expected = {
            letter.body: (places[letter.state], letter.tries + 1)
            for letter in self.those("ready", "delayed", "flying")
        }
        found = {
            each.message.body.decode(): (str(each.state), each.message.attempts) for each in jobs
        }
        assert found == expected
        assert buried == {letter.body for letter in self.those("dead")}
        assert all(each.message.attempts == 1 for each in dead)

    def the_counts_are_right(self) -> None:
        info = self.run(self.stage.broker.info("jobs"))
        assert (info.ready, info.delayed, info.in_flight, info.dead_letters) == (
            len(self.those("ready")),
            len(self.those("delayed")),
            len(self.those("flying")),
            len(self.those("dead")),
        )
        metrics = self.stage.broker.metrics("jobs")
        assert metrics.backlog_bytes == sum(len(letter.body) for letter in self.those("ready"))

    def nothing_waits_for_ever(self) -> None:
        labels = {timer.label for timer in self.stage.clock.upcoming()}
        if self.those("ready") and not self.paused and not self.flights:
            assert "batch of jobs" in labels
        if self.those("delayed"):
            assert "messages of jobs are due" in labels
        if self.those("ready", "delayed", "dead"):
            assert "messages expire" in labels


TestQueue = QueueMachine.TestCase
TestQueue.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
