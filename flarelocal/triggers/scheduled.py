"""Cron triggers, and the same event fired by hand."""

from __future__ import annotations

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.bindings.scheduled_controller import ScheduledController
from flarelocal.cron import ScheduledOutcome
from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.time_limit import ExceededWallTimeError, TimeLimit
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
            arguments: list[Value] = [controller, None, None]
            with TimeLimit(worker.clock, f"scheduled {cron}"):
                await worker.call(invocation, None, "scheduled", arguments, ExecutionContext)
                await invocation.drained()
            if invocation.failure:
                record.fail(invocation.failure)
    except ExceededWallTimeError:
        invocation.cancel()
    except Exception:
        pass
    finally:
        worker.drain(invocation)
    return ScheduledOutcome(record.outcome, not controller.retry, record.error)
