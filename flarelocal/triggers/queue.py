"""Batches of queue messages."""

from __future__ import annotations

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.bindings.queue_batch import QueueController
from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value
from flarelocal.queues import Batch, Verdict
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.time_limit import ExceededWallTimeError, TimeLimit
from flarelocal.worker.worker import Worker

__all__ = ["consume"]


async def consume(worker: Worker, batch: Batch, *, wait_for_tasks: bool = True) -> Verdict:
    """Have a Worker consume a batch; gives its decisions, whatever happened.

    Args:
        wait_for_tasks: whether `waitUntil` tasks belong to the outcome; not so with the flag
            `queue_consumer_no_wait_for_wait_until`.
    """
    code = worker.code
    assert code is not None
    invocation = worker.invocation(Trigger("queue", batch.queue))
    controller = QueueController(batch)
    try:
        with worker.recorded(invocation) as record:
            record.detail = f"{len(batch.messages)} message{'s' * (len(batch.messages) != 1)}"
            if not code.exports(None, "queue"):
                raise error("Handler does not export a queue() function.")
            arguments: list[Value] = [controller, None, None]
            with TimeLimit(worker.clock, f"a batch of {batch.queue}"):
                await worker.call(invocation, None, "queue", arguments, ExecutionContext)
                if wait_for_tasks:
                    await invocation.drained()
            if wait_for_tasks and invocation.failure:
                record.fail(invocation.failure)
    except ExceededWallTimeError:
        invocation.cancel()
    except Exception:
        pass
    finally:
        worker.drain(invocation)
    return controller.verdict(
        record.outcome, record.traceback, tuple(invocation.printed.lines), record.error
    )
