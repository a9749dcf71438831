"""The clock that the code of an object sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from flarelocal.durable_objects.errors import ObjectResetError
from flarelocal.durable_objects.object_clock import ObjectClock
from tests.durable_objects.stage import Instance, Stage


def destroy(instance: Instance) -> None:
    instance.actor.abort()


def evict(instance: Instance) -> None:
    asyncio.get_running_loop().call_soon(instance.actor.evict)


@pytest.mark.parametrize("leave", [destroy, evict])
async def test_what_an_object_armed_ends_with_it(
    stage: Stage, leave: Callable[[Instance], None]
) -> None:
    fired: list[str] = []
    clocks: list[ObjectClock] = []

    def arm(instance: Instance) -> None:
        clocks.append(ObjectClock(stage.clock, instance.actor))
        clocks[0].call_later(10, lambda: fired.append("fired"))

    await stage.do(arm)
    assert not clocks[0].stopped
    with suppress(ObjectResetError):
        await stage.do(leave)
    await stage.clock.advance(10)
    assert clocks[0].stopped
    assert fired == []


async def test_it_fires_while_the_object_is_there(stage: Stage) -> None:
    fired: list[str] = []
    await stage.do(
        lambda instance: ObjectClock(stage.clock, instance.actor).call_later(
            10, lambda: fired.append("fired")
        )
    )
    await stage.clock.advance(10)
    assert fired == ["fired"]
