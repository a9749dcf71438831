"""`flare.faults`: what production does now and then."""

from __future__ import annotations

import pytest

from flarelocal.queues.events import BatchEnded
from flarelocal.testing.flare import Flare


def outcomes(flare: Flare) -> list[str]:
    return [event.outcome for event in flare.journal.of(BatchEnded)]


async def test_deliveries_fail_before_the_handler_runs(flare: Flare) -> None:
    flare.faults.fail_deliveries(2)
    await flare.queues["jobs"].send("a")
    await flare.queues["jobs"].drain()
    assert outcomes(flare) == ["exception", "exception", "ok"]
    assert await flare.env.KV.get("seen") == "a;"


async def test_deliveries_end_too_late(flare: Flare) -> None:
    flare.faults.time_out_deliveries()
    await flare.queues["jobs"].send("a")
    await flare.queues["jobs"].drain()
    assert outcomes(flare) == ["exceededWallTime", "ok"]
    assert await flare.env.KV.get("seen") == "a;a;"


async def test_a_cold_start_is_cancelled(flare: Flare) -> None:
    flare.faults.cancel_cold_starts(queue="jobs")
    await flare.queues["jobs"].send("a")
    await flare.queues["jobs"].drain()
    assert outcomes(flare) == ["canceled", "ok"]
    assert flare.journal.logs == ["got a"]


async def test_messages_come_twice(flare: Flare) -> None:
    flare.faults.duplicate_deliveries()
    await flare.queues["jobs"].send("a")
    await flare.queues["jobs"].drain()
    assert await flare.env.KV.get("seen") == "a;a;"


async def test_messages_come_in_another_order(flare: Flare) -> None:
    flare.faults.reorder_deliveries()
    bodies = list("abcdefgh")
    await flare.queues["jobs"].send(*bodies)
    await flare.queues["jobs"].drain()
    seen = (await flare.env.KV.get("seen")).strip(";").split(";")
    assert sorted(seen) == bodies != seen


async def test_objects_are_overloaded(flare: Flare) -> None:
    flare.faults.overload("COUNTER")
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    with pytest.raises(Exception, match="overloaded"):
        await ann.stub.add()
    assert await ann.stub.add() == 1


async def test_an_unknown_binding_is_told(flare: Flare) -> None:
    with pytest.raises(KeyError, match="NOPE"):
        flare.faults.overload("NOPE")
