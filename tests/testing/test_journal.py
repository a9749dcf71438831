"""`flare.journal`: what happened, for assertions."""

from __future__ import annotations

from flarelocal.cron.events import CronFired
from flarelocal.testing.flare import Flare
from flarelocal.testing.project import Project


async def test_it_is_in_order(flare: Flare) -> None:
    await flare.env.JOBS.send("a")
    await flare.clock.advance(2)
    kinds = [entry.event.kind for entry in flare.journal]
    assert kinds == [
        "messages_sent",
        "batch_started",
        "invocation_started",
        "logged",
        "invocation_finished",
        "batch_ended",
    ]


async def test_events_are_found_by_class_or_name(flare: Flare) -> None:
    await flare.clock.advance(minutes=11)
    assert [event.cron for event in flare.journal.of(CronFired)] == ["*/5 * * * *"] * 2
    assert flare.journal.of("cron_fired") == flare.journal.of(CronFired)


async def test_what_the_worker_prints_is_there_and_what_the_test_prints_is_not(
    flare: Flare,
) -> None:
    print("the test")  # noqa: T201
    await flare.fetch("/")
    assert flare.journal.logs == ["at home"]


async def test_a_day_is_the_same_twice_to_the_byte(project: Project) -> None:
    dumps = []
    for _ in range(2):
        flare = Flare(project, seed=3)
        await flare.start()
        flare.expect_failure("nightly")
        await flare.durable_objects["COUNTER"].get_by_name("ann").stub.remind(60_000)
        for hour in range(24):
            await flare.queues["jobs"].send("a", "again", "bad", delay_seconds=hour * 3600)
        await flare.clock.advance(days=1)
        dumps.append(flare.journal.dump())
        await flare.stop()
    assert dumps[0].splitlines() == dumps[1].splitlines()
    assert len(dumps[0].splitlines()) > 1000
