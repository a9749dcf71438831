"""The life of an object: construction, events, critical sections, reset, eviction."""

from __future__ import annotations

import asyncio
import contextvars
from functools import partial
from typing import Any

import pytest

from flarelocal.durable_objects import ListOptions, ObjectResetError, Transaction
from flarelocal.durable_objects.events import (
    ObjectConstructed,
    ObjectEvicted,
    ObjectReset,
    ObjectTaskFailed,
)
from tests.durable_objects.stage import Instance, Stage


def increment(stage: Stage) -> Any:
    """An event which counts in storage and waits in between."""

    async def event(instance: Instance) -> int:
        number = int(instance.storage.kv.get("n") or b"0")
        await stage.clock.sleep(10)
        instance.storage.kv.put("n", str(number + 1).encode())
        return number

    return event


async def after(stage: Stage, *started: Any, ms: float = 0) -> list[Any]:
    """What the futures give, or raise, when so much time has passed."""
    gathered = asyncio.gather(*started, return_exceptions=True)
    await stage.clock.advance(ms)
    return await gathered


async def test_the_first_event_constructs(stage: Stage) -> None:
    channel = stage.object()
    assert stage.events(ObjectConstructed) == []
    instances = [await channel.run(lambda instance: asyncio.sleep(0, instance)) for _ in range(2)]
    assert instances[0] is instances[1]
    assert len(stage.events(ObjectConstructed)) == 1


async def test_events_begin_in_the_order_of_the_calls(stage: Stage) -> None:
    channel = stage.object()

    async def event(instance: Instance, number: int) -> list[int]:
        instance.seen.append(number)
        return instance.seen

    started = [channel.start(partial(event, number=number)) for number in range(5)]
    assert (await asyncio.gather(*started))[-1] == [0, 1, 2, 3, 4]


async def test_events_mix_where_they_wait(stage: Stage) -> None:
    channel = stage.object()
    started = [channel.start(increment(stage)) for _ in range(2)]
    assert await after(stage, *started, ms=10) == [0, 0]


async def test_an_event_has_a_context_of_its_own(stage: Stage) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
    variable.set("outside")
    assert await stage.do(lambda instance: variable.get()) == "unset"


async def test_an_exception_reaches_the_caller_and_the_object_lives_on(stage: Stage) -> None:
    def fail(instance: Instance) -> None:
        instance.seen.append("here")
        instance.storage.kv.put("a", b"kept")
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await stage.do(fail)
    assert await stage.do(lambda instance: instance.seen) == ["here"]
    assert await stage.do(lambda instance: instance.storage.kv.get("a")) == b"kept"


async def test_a_result_comes_when_the_writes_are_durable(stage: Stage) -> None:
    committed: list[bool] = []

    async def event(instance: Instance) -> None:
        instance.storage.kv.put("a", b"")
        committed.append(not instance.storage._database.in_transaction)

    channel = stage.object()
    reply = channel.start(event)
    reply.add_done_callback(
        lambda _: committed.append(not channel._actor.storage._database.in_transaction)  # type: ignore[union-attr]
    )
    await reply
    assert committed == [False, True]


async def test_an_event_whose_writes_cannot_be_committed_fails(stage: Stage) -> None:
    def violate(instance: Instance) -> None:
        instance.storage.sql.exec("CREATE TABLE p(id INTEGER PRIMARY KEY)")
        instance.storage.sql.exec(
            "CREATE TABLE c(p REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED)"
        )
        instance.storage.sql.exec("INSERT INTO c VALUES (1)")

    with pytest.raises(ObjectResetError, match="constraints were violated"):
        await stage.do(violate)
    assert len(stage.events(ObjectReset)) == 1


async def test_a_constructor_which_raises_resets_the_object(stage: Stage) -> None:
    def fail(instance: Instance) -> None:
        raise LookupError("in constructor")

    stage.constructing = fail
    channel = stage.object()
    calls = [channel.start(increment(stage)) for _ in range(2)]
    for error in await after(stage, *calls):
        assert isinstance(error, ObjectResetError)
        assert error.durable_object_reset
        assert isinstance(error.cause, LookupError)
    stage.constructing = lambda instance: None
    with pytest.raises(ObjectResetError, match="in constructor"):
        await channel.run(increment(stage))
    assert await stage.do(lambda instance: "alive") == "alive"


async def test_all_events_wait_for_what_the_constructor_blocks_for(stage: Stage) -> None:
    def construct(instance: Instance) -> None:
        async def load() -> None:
            await stage.clock.sleep(20)
            instance.seen.append("loaded")

        instance.actor.block_concurrency_while(load)

    stage.constructing = construct
    channel = stage.object()
    calls = [channel.start(lambda i: asyncio.sleep(0, list(i.seen))) for _ in range(2)]
    assert await after(stage, *calls, ms=20) == [["loaded"], ["loaded"]]


async def test_a_critical_section_gives_its_value_and_keeps_events_apart(stage: Stage) -> None:
    async def event(instance: Instance) -> int:
        return await instance.actor.block_concurrency_while(lambda: increment(stage)(instance))

    channel = stage.object()
    assert await after(stage, channel.start(event), channel.start(event), ms=20) == [0, 1]


async def test_a_critical_section_which_raises_resets_the_object(stage: Stage) -> None:
    reached: list[str] = []

    async def event(instance: Instance) -> None:
        async def fail() -> None:
            instance.storage.kv.put("b", b"")
            raise LookupError("blocked")

        try:
            await instance.actor.block_concurrency_while(fail)
        except Exception:
            reached.append("except")
        reached.append("after")

    await stage.do(lambda instance: instance.storage.kv.put("a", b""))
    channel = stage.object()
    calls = channel.start(event), channel.start(increment(stage))
    for error in await after(stage, *calls, ms=10):
        assert isinstance(error, ObjectResetError)
        assert error.message == "blocked"
    assert reached == []
    listed = await stage.do(lambda instance: instance.storage.kv.list(ListOptions()))
    assert listed == {"a": b""}


async def test_a_critical_section_has_30_seconds(stage: Stage) -> None:
    async def event(instance: Instance) -> None:
        await instance.actor.block_concurrency_while(lambda: stage.clock.sleep(30_001))

    call = stage.object().start(event)
    await stage.clock.advance(29_999)
    assert not call.done()
    [error] = await after(stage, call, ms=1)
    assert isinstance(error, ObjectResetError)
    assert error.overloaded
    assert error.message == (
        "A call to blockConcurrencyWhile() in a Durable Object waited for too long. "
        "The call was canceled and the Durable Object was reset."
    )


async def test_a_transaction_keeps_other_events_out(stage: Stage) -> None:
    async def event(instance: Instance) -> int:
        return await instance.actor.transaction(lambda transaction: increment(stage)(instance))

    channel = stage.object()
    assert await after(stage, channel.start(event), channel.start(event), ms=20) == [0, 1]


async def test_a_transaction_which_raises_is_undone_and_the_object_lives_on(stage: Stage) -> None:
    async def event(instance: Instance) -> dict[str, bytes]:
        async def fail(transaction: Transaction) -> None:
            instance.storage.kv.put("a", b"")
            await stage.clock.sleep(5)
            raise LookupError("no")

        with pytest.raises(LookupError, match="no"):
            await instance.actor.transaction(fail)
        return instance.storage.kv.list(ListOptions())

    assert await after(stage, stage.object().start(event), ms=5) == [{}]


async def test_transactions_nest(stage: Stage) -> None:
    async def event(instance: Instance) -> list[str]:
        async def inner(transaction: Transaction) -> None:
            instance.storage.kv.put("b", b"")
            raise LookupError

        async def outer(transaction: Transaction) -> str:
            instance.storage.kv.put("a", b"")
            with pytest.raises(LookupError):
                await instance.actor.transaction(inner)
            instance.storage.kv.put("c", b"")
            return "done"

        assert await instance.actor.transaction(outer) == "done"
        return list(instance.storage.kv.list(ListOptions()))

    assert await stage.run(event) == ["a", "c"]


async def test_what_is_written_beside_a_transaction_at_its_start_is_not_undone(
    stage: Stage,
) -> None:
    async def event(instance: Instance) -> list[str]:
        async def fail(transaction: Transaction) -> None:
            instance.storage.kv.put("undone", b"")
            raise LookupError

        transaction = instance.actor.transaction(fail)
        instance.storage.kv.put("kept", b"")
        with pytest.raises(LookupError):
            await transaction
        return list(instance.storage.kv.list(ListOptions()))

    assert await stage.run(event) == ["kept"]


async def test_abort_fails_all_calls_and_undoes_what_is_not_durable(stage: Stage) -> None:
    async def abort(instance: Instance) -> None:
        instance.storage.kv.put("a", b"lost")
        instance.actor.abort("stop")

    await stage.do(lambda instance: instance.storage.kv.put("a", b"kept"))
    channel, other = stage.object(), stage.object()
    slow = other.start(lambda instance: stage.clock.sleep(1000))
    await stage.clock.advance(1)
    calls = channel.start(abort), channel.start(increment(stage)), slow
    for error in await after(stage, *calls):
        assert isinstance(error, ObjectResetError)
        assert error.message == "stop"
    assert await stage.do(lambda instance: instance.storage.kv.get("a")) == b"kept"


async def test_abort_has_a_reason_of_its_own(stage: Stage) -> None:
    with pytest.raises(ObjectResetError) as refusal:
        await stage.do(lambda instance: instance.actor.abort())
    assert refusal.value.message == "Application called abort() to reset Durable Object."


async def test_a_call_which_raises_right_after_abort_gets_the_reset(stage: Stage) -> None:
    class Abort(BaseException):
        pass

    async def event(instance: Instance) -> None:
        asyncio.get_running_loop().call_soon(lambda: instance.actor.abort("gone"))
        raise Abort

    with pytest.raises(ObjectResetError, match="gone"):
        await stage.run(event)


async def test_a_stub_stays_broken_after_a_reset(stage: Stage) -> None:
    channel = stage.object()
    with pytest.raises(ObjectResetError):
        await channel.run(lambda instance: asyncio.sleep(0, instance.actor.abort("gone")))
    with pytest.raises(ObjectResetError, match="gone"):
        await channel.run(increment(stage))
    assert await stage.object().run(lambda instance: asyncio.sleep(0, instance.seen)) == []


async def test_an_object_at_rest_for_10_seconds_is_evicted(stage: Stage) -> None:
    channel = stage.object()
    await channel.run(lambda instance: asyncio.sleep(0, instance.seen.append(1)))
    await stage.clock.advance(9_999)
    assert await channel.run(lambda instance: asyncio.sleep(0, instance.seen)) == [1]
    await stage.clock.advance(9_999)
    assert stage.events(ObjectEvicted) == []
    await stage.clock.advance(1)
    assert len(stage.events(ObjectEvicted)) == 1
    assert await channel.run(lambda instance: asyncio.sleep(0, instance.seen)) == []


async def test_events_keep_an_object_in_memory(stage: Stage) -> None:
    call = stage.object().start(lambda instance: stage.clock.sleep(60_000))
    await stage.clock.advance(60_000)
    await call
    assert stage.events(ObjectEvicted) == []
    await stage.clock.advance(10_000)
    assert len(stage.events(ObjectEvicted)) == 1


async def test_background_work_keeps_an_object_in_memory(stage: Stage) -> None:
    await stage.do(lambda instance: instance.actor.tasks.wait_until(stage.clock.sleep(60_000)))
    await stage.clock.advance(60_000 + 9_999)
    assert stage.events(ObjectEvicted) == []
    await stage.clock.advance(1)
    assert len(stage.events(ObjectEvicted)) == 1


async def test_background_work_which_fails_is_recorded(stage: Stage) -> None:
    async def fail() -> None:
        raise LookupError("in the background")

    await stage.do(lambda instance: instance.actor.tasks.wait_until(fail()))
    await stage.clock.advance(0)
    [event] = stage.events(ObjectTaskFailed)
    assert isinstance(event, ObjectTaskFailed)
    assert event.reason == "in the background"
    assert await stage.do(lambda instance: "alive") == "alive"


async def test_a_pin_keeps_an_object_in_memory(stage: Stage) -> None:
    async def event(instance: Instance) -> Any:
        pin = instance.actor.pinned()
        pin.__enter__()
        return pin

    pin = await stage.run(event)
    await stage.clock.advance(60_000)
    assert stage.events(ObjectEvicted) == []
    pin.__exit__(None, None, None)
    await stage.clock.advance(10_000)
    assert len(stage.events(ObjectEvicted)) == 1


async def test_what_was_stored_survives_the_eviction(stage: Stage) -> None:
    await stage.do(lambda instance: instance.storage.kv.put("a", b"1"))
    await stage.clock.advance(10_000)
    assert await stage.do(lambda instance: instance.storage.kv.get("a")) == b"1"


async def test_an_evicted_instance_has_no_storage(stage: Stage) -> None:
    instance = await stage.do(lambda instance: instance)
    await stage.clock.advance(10_000)
    with pytest.raises(Exception, match=r"^Durable Object storage is no longer accessible\.$"):
        instance.storage.kv.get("a")
