"""What leaves an object waits until all that was written before is durable."""

from __future__ import annotations

import pytest

from flarelocal.durable_objects.errors import DurableObjectError
from tests.durable_objects.stage import Instance, Stage


async def test_without_writes_nothing_waits(stage: Stage) -> None:
    def event(instance: Instance) -> list[str]:
        left: list[str] = []
        instance.storage.confirmed(lambda: left.append("a"))
        return left

    assert await stage.do(event) == ["a"]


async def test_what_leaves_waits_for_the_commit_in_order(stage: Stage) -> None:
    left: list[str] = []

    async def event(instance: Instance) -> None:
        instance.storage.kv.put("key", b"1")
        instance.storage.confirmed(lambda: left.append("a"))
        instance.storage.kv.put("key", b"2")
        instance.storage.confirmed(lambda: left.append("b"))
        assert left == []
        await stage.clock.sleep(1)
        assert left == ["a", "b"]

    call = stage.object().start(event)
    await stage.clock.advance(1)
    await call


async def test_what_is_undone_lets_nothing_leave(stage: Stage) -> None:
    left: list[str] = []

    def event(instance: Instance) -> None:
        instance.storage.kv.put("key", b"1")
        instance.storage.confirmed(lambda: left.append("a"))
        instance.actor.abort()
        instance.storage.confirmed(lambda: left.append("b"))

    with pytest.raises(DurableObjectError):
        await stage.do(event)
    assert await stage.do(lambda instance: instance.storage.kv.get("key")) is None
    assert left == []


async def test_a_transaction_of_its_own_holds_nothing_up(stage: Stage) -> None:
    left: list[str] = []

    def event(instance: Instance) -> None:
        transaction = instance.storage.begin()
        instance.storage.kv.put("key", b"1")
        instance.storage.confirmed(lambda: left.append("a"))
        assert left == ["a"]
        transaction.commit()

    await stage.do(event)
