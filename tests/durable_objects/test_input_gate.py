"""The input gate: critical sections hold everything else up."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable

import pytest

from flarelocal.durable_objects import DurableObjectError
from flarelocal.durable_objects.input_gate import InputGate


@pytest.fixture
def gate() -> InputGate:
    return InputGate()


async def section(gate: InputGate, work: Callable[[], Awaitable[None]]) -> None:
    """Run the work as a critical section, as an actor does."""
    announced = gate.begin()

    async def run() -> None:
        await announced.begin()
        await gate.gated(work())
        gate.end(announced)

    task = asyncio.get_running_loop().create_task(run(), context=contextvars.copy_context())
    await gate.gated(task)


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_an_open_gate_lets_everything_pass(gate: InputGate) -> None:
    assert not gate.closed
    await gate.enter()
    assert await gate.gated(asyncio.sleep(0, "value")) == "value"


async def test_it_closes_as_soon_as_a_section_is_announced(gate: InputGate) -> None:
    announced = gate.begin()
    assert gate.closed
    gate.end(announced)
    assert not gate.closed


async def test_what_waits_goes_on_in_order(gate: InputGate) -> None:
    order: list[int] = []

    async def enter(number: int) -> None:
        await gate.enter()
        order.append(number)

    announced = gate.begin()
    waiting = asyncio.gather(*(enter(number) for number in range(3)))
    await turns()
    assert order == []
    gate.end(announced)
    await waiting
    assert order == [0, 1, 2]


async def test_a_coroutine_is_held_up_where_it_goes_on(gate: InputGate) -> None:
    order: list[str] = []
    signal = asyncio.Event()

    async def outside() -> None:
        await signal.wait()
        order.append("outside")

    async def inside() -> None:
        signal.set()
        await turns()
        order.append("inside")

    waiting = asyncio.ensure_future(gate.gated(outside()))
    await turns()
    await section(gate, inside)
    await waiting
    assert order == ["inside", "outside"]


async def test_what_a_section_starts_is_within_it(gate: InputGate) -> None:
    order: list[str] = []

    async def inside() -> None:
        async def started() -> None:
            await gate.enter()
            order.append("started")

        await asyncio.gather(started(), started())
        order.append("end")

    await section(gate, inside)
    assert order == ["started", "started", "end"]


async def test_sections_take_turns(gate: InputGate) -> None:
    order: list[str] = []

    def work(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            order.append(f"{name} begins")
            await turns()
            order.append(f"{name} ends")

        return run

    await asyncio.gather(section(gate, work("one")), section(gate, work("two")))
    assert order == ["one begins", "one ends", "two begins", "two ends"]


async def test_a_section_goes_before_what_waited_longer(gate: InputGate) -> None:
    order: list[str] = []

    async def enter() -> None:
        await gate.enter()
        order.append("event")

    async def second() -> None:
        order.append("section")

    first = gate.begin()
    waiting = asyncio.ensure_future(enter())
    await turns()
    following = asyncio.ensure_future(section(gate, second))
    await turns()
    gate.end(first)
    await asyncio.gather(waiting, following)
    assert order == ["section", "event"]


async def test_an_inner_section_holds_up_the_outer_one(gate: InputGate) -> None:
    order: list[str] = []

    async def inner() -> None:
        await turns()
        order.append("inner")

    async def outer() -> None:
        async def beside() -> None:
            await asyncio.sleep(0)
            order.append("beside")

        await asyncio.gather(section(gate, inner), asyncio.ensure_future(gate.gated(beside())))
        order.append("outer")

    await section(gate, outer)
    assert order == ["inner", "beside", "outer"]


async def test_an_inner_section_may_outlast_the_outer_one(gate: InputGate) -> None:
    release = asyncio.Event()

    async def outer() -> None:
        inner.append(asyncio.ensure_future(section(gate, release_inner)))
        await asyncio.sleep(0)

    async def release_inner() -> None:
        await release.wait()

    inner: list[asyncio.Future[None]] = []
    announced = gate.begin()
    context = contextvars.copy_context()

    async def run() -> None:
        await announced.begin()
        await outer()
        gate.end(announced)

    await asyncio.get_running_loop().create_task(run(), context=context)
    assert gate.closed
    release.set()
    await inner[0]
    assert not gate.closed


async def test_sections_nest_64_deep(gate: InputGate) -> None:
    async def nest(depth: int) -> None:
        if depth < 64:
            await section(gate, lambda: nest(depth + 1))
        else:
            with pytest.raises(DurableObjectError, match="nested too deeply"):
                gate.begin()

    await section(gate, lambda: nest(1))


async def test_a_destroyed_gate_lets_nothing_pass(gate: InputGate) -> None:
    announced = gate.begin()
    waiting = asyncio.ensure_future(gate.enter())
    await turns()
    gate.destroy(LookupError("destroyed"))
    with pytest.raises(LookupError, match="destroyed"):
        await waiting
    gate.end(announced)
    with pytest.raises(LookupError):
        await gate.enter()


async def test_a_coroutine_behind_a_destroyed_gate_is_closed(gate: InputGate) -> None:
    order: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.sleep(3600)
        except Exception:
            order.append("except")
        finally:
            order.append("finally")
            await asyncio.sleep(0)
            order.append("after")

    task = asyncio.ensure_future(gate.gated(stubborn()))
    await turns()
    gate.destroy(LookupError())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert order == ["finally"]


async def test_cancelling_reaches_the_coroutine(gate: InputGate) -> None:
    async def tidy() -> str:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return "tidied"
        return "slept"

    task = asyncio.ensure_future(gate.gated(tidy()))
    await turns()
    task.cancel()
    assert await task == "tidied"
