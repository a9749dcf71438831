"""`ctx` of an object: what destroys it, and what callers hear of that."""

from __future__ import annotations

import asyncio

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from tests.bindings.durable_objects.stage import Stage, call, read, refusal


async def test_abort_stops_the_code_that_calls_it(stage: Stage) -> None:
    reached = []

    async def event(ctx: HostObject) -> Value:
        call(read(ctx, "storage"), "put", "key", 1)
        reached.append("before")
        call(ctx, "abort", "enough")
        reached.append("behind")

    async def look(ctx: HostObject) -> Value:
        return call(read(ctx, "storage"), "get", "key")

    error = await refusal(lambda: stage.inside(event))
    assert reached == ["before"]
    assert (str(error), error.properties) == ("Error: enough", {"durableObjectReset": True})
    assert await stage.inside(look) is None


async def test_a_stub_stays_broken_after_a_reset(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        call(ctx, "abort", "gone")

    stub = stage.stub()
    await call(stub, "echo", 1)
    await refusal(lambda: stage.inside(event))
    assert str(await refusal(lambda: call(stub, "echo", 1))) == "Error: gone"
    assert await call(stage.stub(), "echo", 1) == 1


async def test_a_constructor_that_throws_destroys_the_object(stage: Stage) -> None:
    def construct(ctx: HostObject) -> None:
        stage.constructing = lambda ctx: None
        raise type_error("not yet")

    stage.constructing = construct
    error = await refusal(lambda: call(stage.stub(), "echo", 1))
    assert str(error) == "TypeError: not yet"
    assert error.properties == {"durableObjectReset": True}
    assert await call(stage.stub(), "echo", 1) == 1


async def test_a_block_that_throws_destroys_the_object(stage: Stage) -> None:
    async def closure() -> Value:
        raise type_error("in the block")

    async def event(ctx: HostObject) -> Value:
        await call(ctx, "blockConcurrencyWhile", closure)

    error = await refusal(lambda: stage.inside(event))
    assert str(error) == "TypeError: in the block"
    assert error.properties == {"durableObjectReset": True}


async def test_a_block_that_a_constructor_begins_goes_first(stage: Stage) -> None:
    seen: list[str] = []

    async def prepare() -> Value:
        await asyncio.sleep(0)
        seen.append("prepared")

    async def event(ctx: HostObject) -> Value:
        seen.append("event")

    stage.constructing = lambda ctx: call(ctx, "blockConcurrencyWhile", prepare)
    await stage.inside(event)
    assert seen == ["prepared", "event"]


async def test_a_block_needs_a_function(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        return (await refusal(lambda: call(ctx, "blockConcurrencyWhile", 5))).message

    assert await stage.inside(event) == (
        "Failed to execute 'blockConcurrencyWhile' on 'DurableObjectState': "
        "parameter 1 is not of type 'function'."
    )
