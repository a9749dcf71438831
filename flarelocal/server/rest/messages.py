"""`…/queues/{queue_id}/messages`: push, pull, acknowledge, peek, and delete by reference."""

from __future__ import annotations

from flarelocal.queues import Message, Metrics, OutgoingMessage, State, StoredMessage
from flarelocal.server.rest.account import Account
from flarelocal.server.rest.body import shown, stored
from flarelocal.server.rest.errors import InvalidBodyError
from flarelocal.server.rest.queues import metrics_object
from flarelocal.server.rest.requests import (
    Acknowledgement,
    BatchToPush,
    MessageToPush,
    Peek,
    Pull,
    PurgeOfRefs,
    Redrive,
    read,
)

__all__ = ["acknowledge", "history", "peek", "pull", "purge_refs", "push", "push_batch", "redrive"]

_MOST = 100
_LONGEST_LEASE_MS = 43_200_000


async def push(account: Account, queue: str, body: bytes) -> object:
    name = account.queue(queue)
    return _accepted(await account.broker.send(name, [_outgoing(read(MessageToPush, body))]))


async def push_batch(account: Account, queue: str, body: bytes) -> object:
    name = account.queue(queue)
    batch = read(BatchToPush, body)
    messages = [_outgoing(message) for message in batch.messages]
    return _accepted(await account.broker.send(name, messages, delay_s=batch.delay_seconds))


async def pull(account: Account, queue: str, body: bytes) -> object:
    """Lease messages; an empty list at once if none is ready."""
    wanted = read(Pull, body)
    timeout_ms = wanted.visibility_timeout_ms
    timeout_ms = wanted.visibility_timeout if timeout_ms is None else timeout_ms
    if wanted.batch_size is not None:
        _check("batch_size", wanted.batch_size, 1, _MOST)
    if timeout_ms is not None:
        _check("visibility_timeout_ms", timeout_ms, 0, _LONGEST_LEASE_MS)
    pulled = await account.broker.pull(
        account.queue(queue), limit=wanted.batch_size, visibility_timeout_ms=timeout_ms
    )
    return {
        "message_backlog_count": pulled.metrics.backlog_count,
        "messages": [
            {"lease_id": leased.lease_id, **_message(leased.message)} for leased in pulled.messages
        ],
        "metadata": {"metrics": metrics_object(pulled.metrics)},
    }


async def acknowledge(account: Account, queue: str, body: bytes) -> object:
    wanted = read(Acknowledgement, body)
    returned = await account.broker.give_back(
        account.queue(queue),
        acks=[lease.lease_id for lease in wanted.acks],
        retries={lease.lease_id: lease.delay_seconds for lease in wanted.retries},
    )
    return {
        "ackCount": returned.acked,
        "retryCount": returned.retried,
        "warnings": dict(returned.warnings),
    }


async def peek(account: Account, queue: str, body: bytes) -> object:
    """Look at messages that stay where they are; `state` and `offset` are flarelocal's own."""
    wanted = read(Peek, body)
    _check("batch_size", wanted.batch_size, 1, _MOST)
    found = await account.broker.peek(
        account.queue(queue),
        state=None if wanted.state == "all" else State(wanted.state),
        limit=wanted.batch_size,
        offset=max(wanted.offset, 0),
    )
    return {"messages": [_peeked(message) for message in found]}


async def purge_refs(account: Account, queue: str, body: bytes) -> object:
    refs = [each.ref for each in read(PurgeOfRefs, body).refs]
    gone = set(await account.broker.discard(account.queue(queue), set(refs)))
    warnings = {ref: "there is no such message any more" for ref in refs if ref not in gone}
    return {"errors": [], "warnings": warnings}


async def redrive(account: Account, queue: str, body: bytes) -> object:
    """Move dead letters back where they came from (flarelocal's own)."""
    refs = read(Redrive, body).refs
    ids = None if refs is None else {each.ref for each in refs}
    return {"count": await account.broker.redrive(account.queue(queue), ids)}


async def history(account: Account, queue: str, message: str, body: bytes) -> object:
    """Every delivery of a message (flarelocal's own)."""
    account.queue(queue)
    return {
        "attempts": [
            {
                "attempt": attempt.number,
                "queue": attempt.queue,
                "batch": attempt.batch,
                "started_ms": attempt.started_ms,
                "ended_ms": attempt.ended_ms,
                "outcome": attempt.outcome,
                "result": attempt.result,
                "error": attempt.error,
                "logs": [{"level": level, "text": text} for level, text in attempt.logs],
            }
            for attempt in await account.broker.history(message)
        ]
    }


def _outgoing(message: MessageToPush) -> OutgoingMessage:
    kind = message.content_type
    return OutgoingMessage(stored(message.body, kind), kind, message.delay_seconds)


def _accepted(metrics: Metrics) -> object:
    return {"metadata": {"metrics": metrics_object(metrics)}}


def _message(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "body": shown(message),
        "attempts": message.attempts,
        "timestamp_ms": message.timestamp_ms,
        "metadata": {"CF-Content-Type": message.content_type.value},
    }


def _peeked(stored: StoredMessage) -> dict[str, object]:
    return {
        **_message(stored.message),
        "ref": stored.message.id,
        "state": stored.state.value,
        "due_ms": stored.due_ms,
        "expires_ms": stored.expires_ms,
        "dead_letter_of": stored.dead_letter_of,
    }


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidBodyError(f"{name} is {value}: choose between {low} and {high}.")
