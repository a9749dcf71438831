"""`POST /cdn-cgi/local/queue/<queue>`: hand messages straight to the consumer of a queue."""

from __future__ import annotations

from pydantic import BaseModel

from flarelocal.emulator import Emulator
from flarelocal.queues import Batch, Message, Metrics, Verdict
from flarelocal.queues.events import BatchEnded
from flarelocal.queues.verdict import judge
from flarelocal.server.answer import Answer
from flarelocal.server.rest.body import stored
from flarelocal.server.rest.errors import RestError
from flarelocal.server.rest.requests import MessageToPush, read

__all__ = ["run_queue"]


class _Message(MessageToPush):
    id: str | None = None
    timestamp: int | None = None
    attempts: int = 1


class _Batch(BaseModel):
    messages: list[_Message]


async def run_queue(emulator: Emulator, queue: str, body: bytes) -> Answer:
    """The outcome and what the handler decided, in the words of workerd's queue event.

    No queue is touched: nothing is stored, and a retry is only reported. 200 only for `ok`.

    Args:
        body: JSON, `{"messages": [{"body": …, "content_type": …, "id": …, "timestamp": ms,
            "attempts": …}]}`; all but the body may be left out.
    """
    consumer = emulator.consumer(queue)
    if consumer is None:
        return Answer.text(
            404, f'Queue "{queue}" has no consumer here: add one to queues.consumers.'
        )
    try:
        given = read(_Batch, body)
        messages = tuple(
            Message(
                each.id or f"{emulator.random.getrandbits(128):032x}",
                emulator.clock.now() if each.timestamp is None else each.timestamp,
                each.attempts,
                each.content_type,
                stored(each.body, each.content_type),
            )
            for each in given.messages
        )
    except RestError as refused:
        return Answer.text(400, str(refused))
    if not messages:
        return Answer.text(400, "There are no messages: send one at least.")
    settings = next(each for each in consumer.config.queues.consumers if each.queue == queue)
    started = emulator.clock.now()
    verdict = await consumer.dispatch_queue(Batch(queue, messages, Metrics(0, 0, None)))
    judged = judge(
        messages, verdict, max_retries=settings.max_retries, retry_delay_s=settings.retry_delay
    )
    emulator.journal.record(
        BatchEnded(
            queue,
            0,
            consumer.name,
            verdict.outcome,
            acked=len(judged.acked),
            retried=sum(map(len, judged.retried.values())),
            spent=len(judged.spent),
            duration_ms=emulator.clock.now() - started,
            error=verdict.error,
        )
    )
    return Answer.json(200 if verdict.outcome == "ok" else 500, _report(messages, verdict))


def _report(messages: tuple[Message, ...], verdict: Verdict) -> dict[str, object]:
    report: dict[str, object] = {
        "outcome": verdict.outcome,
        "ackAll": verdict.ack_all,
        "retryBatch": _delayed({"retry": verdict.retry_all}, verdict.retry_all_delay_s),
        "explicitAcks": [each.id for each in messages if each.id in verdict.explicit_acks],
        "retryMessages": [
            _delayed({"msgId": each}, delay_s) for each, delay_s in verdict.retries.items()
        ],
    }
    return report | {"error": verdict.error} if verdict.error else report


def _delayed(report: dict[str, object], delay_s: int | None) -> dict[str, object]:
    return report if delay_s is None else report | {"delaySeconds": delay_s}
