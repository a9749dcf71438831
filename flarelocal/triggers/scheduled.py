"""Cron triggers, and the same event fired by hand."""

from __future__ import annotations

import asyncio

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.bindings.scheduled_controller import ScheduledController
from flarelocal.cron import ScheduledOutcome
from flarelocal.javascript.errors import error
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.worker import Worker

__all__ = ["scheduled"]


async def scheduled(worker: Worker, cron: str, scheduled_time_ms: float) -> ScheduledOutcome:
    """Run the `scheduled` handler; its `waitUntil` tasks belong to the outcome."""
    code = worker.code
    assert code is not None
    invocation = worker.invocation(Trigger("scheduled", cron))
    controller = ScheduledController(cron, scheduled_time_ms)
    try:
        with worker.recorded(invocation) as record:
            if not code.exports(None, "scheduled"):
                controller.no_retry()
                raise error("Handler does not export a scheduled() function")
            await worker.call(
                invocation, None, "scheduled", [controller, None, None], ExecutionContext
            )
            await invocation.drained()
            if invocation.failure:
                record.fail(invocation.failure)
    except asyncio.CancelledError:
        raise
    except Exception as raised:
        return ScheduledOutcome("exception", not controller.retry, raised)
    finally:
        worker.drain(invocation)
    return ScheduledOutcome(record.outcome, not controller.retry, record.error)
