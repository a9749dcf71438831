"""`flare.durable_objects`: objects from outside and from inside."""

from __future__ import annotations

import pytest

from flarelocal.testing.flare import Flare


async def test_stub_and_storage_are_of_one_object(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    assert await ann.stub.add(2) == 2
    assert await ann.storage.get("total") == 2
    await ann.storage.put("total", 40)
    assert await ann.stub.add(2) == 42
    assert flare.durable_objects["Counter"].ids() == [ann.id]
    assert await flare.durable_objects["COUNTER"].get(ann.id).stub.add(0) == 42


async def test_code_of_the_test_runs_inside(flare: Flare) -> None:
    import entry

    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    assert isinstance(await ann.instance, entry.Counter)
    assert await ann.instance(lambda counter: counter.add(3)) == 3
    assert await ann.instance(lambda counter: type(counter).__name__) == "Counter"


async def test_sql_runs_inside(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    assert await ann.storage.sql("SELECT ? AS n", 5) == [{"n": 5}]


async def test_an_alarm_rings_at_its_time(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    await ann.stub.remind(60_000)
    assert str(ann.alarm) == "2026-01-01 00:01:00+00:00"
    await flare.clock.advance(minutes=1)
    assert await ann.storage.get("total") == 100
    assert ann.alarm is None


async def test_an_alarm_rings_when_told(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    assert await ann.run_alarm() is None
    await ann.stub.remind(60_000)
    outcome = await ann.run_alarm()
    assert outcome is not None
    assert outcome.reason is None
    assert await ann.storage.get("total") == 100


async def test_the_failure_of_an_alarm_that_was_told_to_ring_is_a_result(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    await ann.storage.put("broken", True)
    await ann.stub.remind(60_000)
    outcome = await ann.run_alarm()
    assert outcome is not None
    assert outcome.reason == "the alarm is broken"
    assert flare.verdict() is None


async def test_an_eviction_keeps_what_is_stored(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    before = await ann.instance
    await ann.stub.add()
    await ann.evict()
    assert not ann.running
    assert await ann.stub.add() == 2
    assert await ann.instance is not before


async def test_an_unknown_binding_is_told(flare: Flare) -> None:
    with pytest.raises(KeyError, match="there are COUNTER"):
        flare.durable_objects["NOPE"]
