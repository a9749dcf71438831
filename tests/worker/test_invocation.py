"""What belongs to an event, and ends with it."""

from __future__ import annotations

from flarelocal.worker.events import InvocationFinished, TaskFailed
from tests.worker.conftest import Start

_TASKS = """
import asyncio
from workers import env, wait_until

seen = []

async def later(name, delay):
    await asyncio.sleep(delay)
    seen.append(name)

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.rpartition("/")[2]
        if path == "seen":
            return Response(" ".join(seen))
        await getattr(self, path)()
        return Response("done")
"""


async def test_a_task_given_to_wait_until_goes_on(start: Start) -> None:
    emulated = await start(
        _TASKS
        + """
    async def run(self):
        self.ctx.waitUntil(later("late", 5))
        wait_until(later("later", 6))
"""
    )
    await emulated.get("/run")
    await emulated.clock.advance(10_000)
    assert await emulated.get("/seen") == "late later"


async def test_a_task_that_nobody_waits_for_is_frozen(start: Start) -> None:
    emulated = await start(
        _TASKS
        + """
    async def run(self):
        self.task = asyncio.create_task(later("never", 5))
"""
    )
    await emulated.get("/run")
    await emulated.clock.advance(10_000)
    assert await emulated.get("/seen") == ""


async def test_a_task_that_needs_only_the_loop_goes_on(start: Start) -> None:
    emulated = await start(
        _TASKS
        + """
    async def run(self):
        self.task = asyncio.create_task(later("soon", 0))
"""
    )
    await emulated.get("/run")
    await emulated.clock.idle()
    assert await emulated.get("/seen") == "soon"


async def test_a_failed_task_is_recorded(start: Start) -> None:
    emulated = await start(
        _TASKS
        + """
    async def run(self):
        async def failing():
            raise ValueError("too late")
        self.ctx.waitUntil(failing())
"""
    )
    await emulated.get("/run")
    await emulated.clock.idle()
    [failed] = emulated.events(TaskFailed)
    assert failed.error.endswith("ValueError: too late\n")


async def test_every_event_has_its_own_instance_and_variables(start: Start) -> None:
    emulated = await start(
        """
        from contextvars import ContextVar
        variable = ContextVar("variable", default="default")
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                before = [variable.get(), getattr(self, "mark", None)]
                variable.set("set")
                self.mark = "set"
                return Response(repr(before))
        """
    )
    assert await emulated.get() == "['default', None]"
    assert await emulated.get() == "['default', None]"


async def test_a_cancelled_handler_has_failed(start: Start) -> None:
    emulated = await start(
        """
        import asyncio
        class Default(WorkerEntrypoint):
            async def scheduled(self, controller, env, ctx):
                asyncio.current_task().cancel()
                await asyncio.sleep(1)
        """
    )
    outcome = await emulated.emulator.scheduled()
    assert outcome.outcome == "exception"
    assert emulated.events(InvocationFinished)[-1].outcome == "exception"
