"""`flare.queues`: messages on their way."""

from __future__ import annotations

import pytest

from flarelocal.testing.flare import Flare


async def test_messages_wait_until_a_batch_is_due(flare: Flare) -> None:
    await flare.env.JOBS.send("a")
    assert [each.body for each in flare.queues["jobs"].messages] == ["a"]
    assert flare.queues["jobs"].metrics().backlog_count == 1
    await flare.clock.advance(1)
    assert await flare.env.KV.get("seen") is None
    await flare.clock.advance(1)
    assert await flare.env.KV.get("seen") == "a;"


async def test_a_queue_goes_by_its_binding_as_well(flare: Flare) -> None:
    assert flare.queues["JOBS"].name == "jobs"
    with pytest.raises(KeyError, match="there are dead, jobs"):
        flare.queues["other"]


async def test_a_test_sends_as_a_producer_does(flare: Flare) -> None:
    await flare.queues["jobs"].send({"a": None}, "b", delay_seconds=60)
    delayed = flare.queues["jobs"].delayed
    assert [each.body for each in delayed] == [{"a": None}, "b"]
    assert str(delayed[0].due) == "2026-01-01 00:01:00+00:00"
    await flare.queues["jobs"].send(b"raw", content_type="bytes")
    assert flare.queues["jobs"].messages[0].body == b"raw"


async def test_drain_moves_the_clock_until_all_is_delivered(flare: Flare) -> None:
    await flare.queues["jobs"].send("a")
    await flare.queues["jobs"].send("b", delay_seconds=3600)
    await flare.queues["jobs"].drain()
    assert await flare.env.KV.get("seen") == "a;b;"


async def test_drain_says_that_nobody_consumes(flare: Flare) -> None:
    await flare.queues["dead"].send("a")
    with pytest.raises(RuntimeError, match="nobody takes the messages of dead"):
        await flare.queues["dead"].drain()


async def test_dead_letters_are_those_of_the_queue(flare: Flare) -> None:
    await flare.queues["jobs"].send("bad")
    with flare.expect_failure("a bad message") as expected:
        await flare.queues["jobs"].drain()
    assert len(expected.failures) == 3
    assert [each.body for each in flare.queues["jobs"].dead_letters] == ["bad"]
    assert [each.dead_letter_of for each in flare.queues["dead"].dead_letters] == ["jobs"]
