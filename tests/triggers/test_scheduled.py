"""Cron triggers."""

from __future__ import annotations

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
