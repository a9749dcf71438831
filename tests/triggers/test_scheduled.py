"""Cron triggers."""

from __future__ import annotations

import asyncio

from tests.triggers.conftest import Start


async def test_the_controller_tells_cron_and_time(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def scheduled(self, controller, env, ctx):
                assert (controller.cron, controller.scheduledTime) == ("* * * * *", 1000)
        """
    )
    outcome = await emulated.emulator.scheduled("* * * * *", 1000)
    assert (outcome.outcome, outcome.no_retry) == ("ok", False)


async def test_a_handler_can_refuse_to_be_retried(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def scheduled(self, controller, env, ctx):
                controller.noRetry()
                raise ValueError("the reason")
        """
    )
    outcome = await emulated.emulator.scheduled()
    assert (outcome.outcome, outcome.no_retry) == ("exception", True)
    assert str(outcome.error) == "the reason"


async def test_a_failed_task_makes_the_event_fail(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def scheduled(self, controller, env, ctx):
                async def failing():
                    raise ValueError("too late")
                self.ctx.waitUntil(failing())
        """
    )
    assert (await emulated.emulator.scheduled()).outcome == "exception"


async def test_a_handler_has_a_quarter_of_an_hour(start: Start) -> None:
    emulated = await start(
        """
        import asyncio

        class Default(WorkerEntrypoint):
            async def scheduled(self, controller, env, ctx):
                await asyncio.sleep(3600)
        """
    )
    running = asyncio.ensure_future(emulated.emulator.scheduled())
    await emulated.clock.advance(15 * 60_000)

    outcome = await running
    assert outcome.outcome == "exceededWallTime"
    assert "did not end within 15 minutes" in str(outcome.error)
    assert emulated.clock.upcoming() == []
