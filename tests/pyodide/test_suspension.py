"""Synchronous code that waits."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.double_proxy import create_proxy
from flarelocal.pyodide.suspension import Escaped, Suspendable, can_run_sync, run_sync
from tests.pyodide.conftest import InEvent


async def test_run_sync_gives_the_result_of_an_awaitable(in_event: InEvent) -> None:
    def plain() -> str:
        return str(run_sync(asyncio.sleep(0, "slept")))

    async def handler() -> str:
        return plain()

    assert await in_event(handler()) == "slept"


async def test_others_go_on_while_run_sync_waits(in_event: InEvent) -> None:
    seen: list[str] = []

    async def other() -> None:
        seen.append("other")

    async def handler() -> None:
        task = asyncio.create_task(other())
        run_sync(asyncio.sleep(0))
        seen.append("handler")
        await task

    await in_event(handler())
    assert seen == ["other", "handler"]


async def test_run_sync_may_be_nested(in_event: InEvent) -> None:
    async def inner() -> str:
        return str(run_sync(asyncio.sleep(0, "inner")))

    async def handler() -> str:
        return str(run_sync(inner()))

    assert await in_event(handler()) == "inner"


async def test_an_error_is_raised_where_run_sync_was_called(in_event: InEvent) -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise ValueError("later")

    async def handler() -> str:
        try:
            run_sync(failing())
        except ValueError as error:
            return str(error)
        return "nothing"

    assert await in_event(handler()) == "later"


async def test_nothing_can_wait_outside_of_handlers() -> None:
    assert not can_run_sync()
    with pytest.raises(RuntimeError, match="Cannot stack switch"):
        run_sync(asyncio.sleep(0))


async def test_context_variables_are_those_of_the_task(in_event: InEvent) -> None:
    from contextvars import ContextVar

    variable: ContextVar[str] = ContextVar("variable", default="default")

    async def handler() -> str:
        variable.set("set")
        await asyncio.sleep(0)
        run_sync(asyncio.sleep(0))
        return variable.get()

    assert await in_event(handler()) == "set"
    assert variable.get() == "default"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
async def test_what_would_end_the_loop_ends_the_event_only(
    in_event: InEvent, kind: type[BaseException]
) -> None:
    async def handler() -> None:
        raise kind("stop")

    with pytest.raises(Escaped) as caught:
        await in_event(handler())
    assert isinstance(caught.value.error, kind)


async def test_the_worker_sees_what_its_task_raised(in_event: InEvent) -> None:
    async def failing() -> None:
        raise KeyboardInterrupt("stop")

    async def handler() -> list[str]:
        seen = []
        try:
            await asyncio.create_task(failing())
        except KeyboardInterrupt as error:
            seen.append(f"awaited {error}")
        try:
            run_sync(failing())
        except KeyboardInterrupt as error:
            seen.append(f"run {error}")
        return seen

    assert await in_event(handler()) == ["awaited stop", "run stop"]


async def test_a_stack_that_waits_for_work_keeps_nothing_alive(in_event: InEvent) -> None:
    class Thing:
        pass

    async def handler() -> weakref.ref[Thing]:
        thing = Thing()
        await asyncio.sleep(0)
        return weakref.ref(thing)

    reference = await in_event(handler())
    gc.collect()
    assert reference() is None


async def test_closing_unwinds_what_waits() -> None:
    seen: list[str] = []

    async def handler() -> None:
        try:
            run_sync(asyncio.get_running_loop().create_future())
        finally:
            seen.append("unwound")

    coroutine = Suspendable(handler())
    coroutine.send(None)
    coroutine.close()
    assert seen == ["unwound"]


async def test_what_javascript_calls_cannot_wait(in_event: InEvent) -> None:
    js: Any = to_python(GlobalScope())

    async def handler() -> Any:
        seen = js.Array.of(1).map(lambda *_: can_run_sync())
        with pytest.raises(RuntimeError, match="Cannot stack switch"):
            js.Array.of(1).map(lambda *_: run_sync(asyncio.sleep(0)))
        promising: Any = create_proxy(lambda: run_sync(asyncio.sleep(0, "waited")))
        return seen[0], await promising.callPromising(), can_run_sync()

    assert await in_event(handler()) == (False, "waited", True)


async def test_only_what_can_be_waited_for(in_event: InEvent) -> None:
    number: Any = 5

    async def handler() -> None:
        with pytest.raises(TypeError, match="object int is not awaitable"):
            run_sync(number)

    await in_event(handler())
