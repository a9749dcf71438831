"""Batches of messages."""

from __future__ import annotations

import asyncio

from flarelocal.worker.events import InvocationFinished
from tests.triggers.conftest import Start


async def test_the_verdict_has_what_the_handler_decided(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                first, second = batch.messages
                first.ack()
                second.retry(delaySeconds=5)
        """
    )
    verdict = await emulated.queue("a", "b")
    assert verdict.outcome == "ok"
    assert verdict.explicit_acks == {"m0"}
    assert verdict.retries == {"m1": 5}


async def test_decisions_count_although_the_handler_fails(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                batch.messages[0].ack()
                raise ValueError("the reason")
        """
    )
    verdict = await emulated.queue("a", "b")
    assert verdict.outcome == "exception"
    assert verdict.explicit_acks == {"m0"}
    assert verdict.error is not None
    assert verdict.error.endswith("ValueError: the reason\n")


async def test_the_verdict_has_what_the_handler_printed(start: Start) -> None:
    emulated = await start(
        """
        from js import console

        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                print("first")
                console.warn("second")
                raise ValueError("the reason")
        """
    )
    assert (await emulated.queue("a")).logs == (("log", "first"), ("warn", "second"))


async def test_tasks_belong_to_the_outcome(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                async def failing():
                    raise ValueError("too late")
                self.ctx.waitUntil(failing())
        """
    )
    assert (await emulated.queue("a")).outcome == "exception"


async def test_tasks_are_on_their_own_with_the_flag(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                async def failing():
                    raise ValueError("too late")
                self.ctx.waitUntil(failing())
        """,
        compatibility_flags=["python_workers", "queue_consumer_no_wait_for_wait_until"],
    )
    assert (await emulated.queue("a")).outcome == "ok"


async def test_a_batch_is_recorded_with_its_size(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                pass
        """
    )
    await emulated.queue("a", "b")
    [finished] = emulated.events(InvocationFinished)
    assert (finished.trigger, finished.subject, finished.detail) == ("queue", "q", "2 messages")


async def test_a_handler_has_a_quarter_of_an_hour(start: Start) -> None:
    emulated = await start(
        """
        import asyncio

        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                batch.messages[0].ack()
                print("began")
                await asyncio.sleep(3600)
        """
    )
    consuming = asyncio.ensure_future(emulated.queue("a", "b"))
    await emulated.clock.advance(14 * 60_000)
    assert not consuming.done()

    await emulated.clock.advance(60_000)

    verdict = await consuming
    assert (verdict.outcome, set(verdict.explicit_acks)) == ("exceededWallTime", {"m0"})
    assert verdict.logs == (("log", "began"),)
    assert verdict.error is not None
    assert verdict.error.startswith("The event did not end within 15 minutes")
    assert [each.outcome for each in emulated.events(InvocationFinished)] == ["exceededWallTime"]


async def test_tasks_that_take_too_long_are_ended_as_well(start: Start) -> None:
    emulated = await start(
        """
        import asyncio

        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                self.ctx.waitUntil(asyncio.sleep(3600))
        """
    )
    consuming = asyncio.ensure_future(emulated.queue("a"))
    await emulated.clock.advance(15 * 60_000)

    assert (await consuming).outcome == "exceededWallTime"
    assert emulated.clock.upcoming() == []
