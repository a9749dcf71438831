"""The end of a turn of the event loop."""

from __future__ import annotations

import asyncio

from flarelocal.durable_objects.turn import TurnEnd


async def test_what_was_deferred_is_called_in_order_when_the_turn_is_over() -> None:
    end, called = TurnEnd(), list[str]()
    end.defer(lambda: called.append("first"))
    end.defer(lambda: called.append("second"))
    assert called == []
    await asyncio.sleep(0)
    assert called == ["first", "second"]


async def test_what_is_deferred_meanwhile_waits_for_the_next_turn() -> None:
    end, called = TurnEnd(), list[str]()
    end.defer(lambda: end.defer(lambda: called.append("later")))
    await asyncio.sleep(0)
    assert called == []
    await asyncio.sleep(0)
    assert called == ["later"]


async def test_a_failure_does_not_keep_the_others_from_being_called() -> None:
    end, called, told = TurnEnd(), list[str](), list[object]()
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: told.append(context["exception"])
    )
    failure = RuntimeError("no room")

    def fail() -> None:
        raise failure

    end.defer(fail)
    end.defer(lambda: called.append("second"))
    await asyncio.sleep(0)
    assert (called, told) == (["second"], [failure])
