"""What a process leaves behind when it dies, and what the next one makes of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flarelocal.clock import SystemClock
from flarelocal.database import Database
from flarelocal.queues import SCHEMA, QueueSettings, Verdict
from flarelocal.queues.events import BatchLost
from tests.queues.stage import ACK, RETRY, SECOND, Stage, texts


async def test_ready_messages_come_again_in_their_order(stage: Stage) -> None:
    await stage.send("jobs", "a", "b")
    await stage.send("jobs", "c")
    await stage.start()
    worker = stage.consume("jobs", max_batch_size=2)
    await stage.clock.idle()
    assert worker.seen == ["a b", "c"]


async def test_a_consumer_may_be_there_before_the_start(stage: Stage) -> None:
    await stage.send("jobs", "a")
    await stage.rise()
    worker = stage.consume("jobs")
    await stage.broker.start()
    await stage.clock.idle()
    assert worker.seen == ["a"]


async def test_a_delayed_message_still_waits_until_it_is_due(stage: Stage) -> None:
    await stage.send("jobs", "later", delay_s=30)
    await stage.advance(10)
    await stage.start()
    worker = stage.consume("jobs")
    await stage.advance(60)
    assert worker.times == [20 * SECOND]


async def test_a_message_that_came_due_meanwhile_comes_at_once(stage: Stage) -> None:
    await stage.send("jobs", "later", delay_s=30)
    await stage.crash()
    await stage.advance(60)
    await stage.start()
    worker = stage.consume("jobs")
    await stage.clock.idle()
    assert worker.times == [0]


async def test_attempts_are_still_counted(stage: Stage) -> None:
    stage.consume("jobs", RETRY, max_batch_timeout_s=1)
    await stage.send("jobs", "a")
    await stage.advance(2.5)
    await stage.start()
    worker = stage.consume("jobs")
    await stage.clock.idle()
    assert worker.attempts == [3]


async def test_a_delivery_that_was_never_reported_counts(stage: Stage) -> None:
    lost = stage.consume("jobs", stage.slow(60))
    await stage.send("jobs", "a", "b")
    await stage.start()
    worker = stage.consume("jobs")
    await stage.clock.idle()
    assert (worker.seen, worker.attempts) == (["a b"], [2, 2])
    assert stage.events(BatchLost) == [BatchLost("jobs", lost.batches[0].id, messages=2)]


async def test_the_last_delivery_counts_also_if_it_was_never_reported(stage: Stage) -> None:
    stage.consume("jobs", stage.slow(60), max_retries=0)
    await stage.send("jobs", "a")
    await stage.start()
    worker = stage.consume("jobs", max_retries=0, dead_letter_queue="dead")
    await stage.clock.idle()
    assert worker.seen == []
    assert await stage.waiting("dead") == "a"


async def test_what_was_acknowledged_does_not_come_again(stage: Stage) -> None:
    stage.consume("jobs")
    await stage.send("jobs", "a")
    await stage.start()
    worker = stage.consume("jobs")
    await stage.clock.idle()
    assert worker.seen == []


async def test_settings_of_queues_are_kept(stage: Stage) -> None:
    settings = QueueSettings(delivery_delay_s=5, retention_s=60, paused=True)
    await stage.broker.configure("jobs", settings)
    before = await stage.broker.info("jobs")
    await stage.start()
    assert await stage.broker.info("jobs") == before
    assert before.settings == settings


async def test_ids_are_not_given_twice(stage: Stage) -> None:
    worker = stage.consume("jobs")
    await stage.send("jobs", "a")
    await stage.start()
    again = stage.consume("jobs")
    await stage.send("jobs", "a")
    assert worker.messages[0].id[16:] != again.messages[0].id[16:]


class TestStop:
    async def test_batches_under_way_are_finished(self, stage: Stage) -> None:
        worker = stage.consume("jobs", stage.slow(5), max_batch_size=1, max_concurrency=1)
        await stage.send("jobs", "a", "b")
        stopping = asyncio.create_task(stage.broker.stop())
        await stage.clock.idle()
        assert not stopping.done()
        await stage.advance(5)
        await stopping
        assert worker.seen == ["a"]
        assert await stage.waiting("jobs") == "b"

    async def test_a_handler_may_send_while_the_broker_stops(self, stage: Stage) -> None:
        async def send(batch: object) -> Verdict:
            await stage.clock.sleep(5 * SECOND)
            await stage.broker.send("mails", texts("m"))
            return ACK

        stage.consume("jobs", send)
        stage.consume("mails")
        await stage.send("jobs", "a")
        stopping = asyncio.create_task(stage.broker.stop())
        await stage.advance(5)
        await stopping
        assert await stage.waiting("mails") == "m"

    async def test_no_timer_is_left(self, stage: Stage) -> None:
        stage.consume("jobs", max_batch_timeout_s=5)
        await stage.send("jobs", "now")
        await stage.send("jobs", "later", delay_s=30)
        await stage.broker.stop()
        assert stage.clock.upcoming() == []


PRODUCER_AND_CONSUMER = """
import asyncio, random, sys
from pathlib import Path
from flarelocal.clock import SystemClock
from flarelocal.database import Database
from flarelocal.journal import Journal
from flarelocal.queues import *

async def main():
    clock = SystemClock()
    database = await Database.open(Path(sys.argv[1]), SCHEMA, clock)
    broker = Broker(database, clock, Journal(clock), random.Random())
    acknowledge = random.Random(int(sys.argv[2]))

    async def dispatch(batch):
        await asyncio.sleep(0.001)
        acked = [m for m in batch.messages if acknowledge.random() < 0.3]
        for message in acked:
            print("acked", message.body.decode(), flush=True)
        return Verdict(
            outcome="exception", explicit_acks=frozenset(m.id for m in acked)
        )

    settings = ConsumerSettings("jobs", max_batch_timeout_s=0, max_retries=100)
    broker.consume(settings, dispatch)
    await broker.start()
    for number in range(100_000):
        name = f"{sys.argv[2]}-{number}"
        await broker.send("jobs", [OutgoingMessage(name.encode(), ContentType.TEXT)])
        print("sent", name, flush=True)

asyncio.run(main())
"""


def live_and_die(path: Path, life: int) -> list[tuple[str, str]]:
    """Run a process until its 150th line, then kill it; what it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", PRODUCER_AND_CONSUMER, str(path), str(life)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(150 + 37 * life)]
    os.kill(process.pid, signal.SIGKILL)
    lines += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return [(line.split()[0], line.split()[1]) for line in lines if line.endswith("\n")]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[tuple[str, str]]]]:
    path = tmp_path_factory.mktemp("killed") / "queues.sqlite"
    return path, [live_and_die(path, life) for life in range(3)]


async def test_a_killed_process_loses_nothing_that_was_sent(
    lives: tuple[Path, list[list[tuple[str, str]]]],
) -> None:
    path, said = lives
    clock = SystemClock()
    database = await Database.open(path, SCHEMA, clock)
    bodies = await database.fetch("SELECT body FROM message")
    await database.close()
    kept = {body.decode() for (body,) in bodies}
    sent = {name for life in said for word, name in life if word == "sent"}
    acked = {name for life in said for word, name in life if word == "acked"}
    assert len(sent) > 100
    assert sent - acked <= kept
    assert len(kept & acked) <= 3 * 10
