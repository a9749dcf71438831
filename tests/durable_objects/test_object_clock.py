"""The clock that the code of an object sees."""

from __future__ import annotations

import pytest

from flarelocal.durable_objects.errors import ObjectResetError
from flarelocal.durable_objects.object_clock import ObjectClock
from tests.durable_objects.stage import Instance, Stage


async def test_what_an_object_armed_ends_with_it(stage: Stage) -> None:
    fired: list[str] = []
    clocks: list[ObjectClock] = []

    def arm(instance: Instance) -> None:
        clocks.append(ObjectClock(stage.clock, instance.actor))
        clocks[0].call_later(10, lambda: fired.append("fired"))

    await stage.do(arm)
    assert not clocks[0].stopped
    with pytest.raises(ObjectResetError):
        await stage.do(lambda instance: instance.actor.abort())
    await stage.clock.advance(10)
    assert clocks[0].stopped
    assert fired == []
