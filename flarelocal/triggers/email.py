"""Mail that arrives."""

from __future__ import annotations

import asyncio

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.bindings.forwardable_email import ForwardableEmailMessage
from flarelocal.javascript.errors import error
from flarelocal.mail.delivery import Delivery, EmailOutcome
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.worker import Worker

__all__ = ["deliver"]


async def deliver(worker: Worker, delivery: Delivery) -> EmailOutcome:
    """Run the `email` handler; its `waitUntil` tasks go on afterwards."""
    code = worker.code
    assert code is not None
    invocation = worker.invocation(Trigger("email", f"{delivery.sender} to {delivery.recipient}"))
    try:
        with worker.recorded(invocation) as record:
            if not code.exports(None, "email"):
                raise error("Handler does not export an email() function.")
            message = ForwardableEmailMessage(delivery)
            await worker.call(invocation, None, "email", [message, None, None], ExecutionContext)
            record.detail = delivery.summary
    except asyncio.CancelledError:
        raise
    except Exception as raised:
        return EmailOutcome("exception", raised)
    finally:
        worker.drain(invocation)
    return EmailOutcome(record.outcome, record.error)
