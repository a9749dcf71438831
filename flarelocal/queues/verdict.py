"""What a consumer decided about a batch, and what follows for each message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from flarelocal.dataclass import dataclass
from flarelocal.queues.message import Message

__all__ = ["Judgement", "Verdict", "judge"]

_LONGEST_DELAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the handler of a consumer decided, as the runtime reports it to the queue."""

    outcome: str = "ok"
    """"ok", "exception" or another of the runtime's outcomes (workerd, outcome.capnp)"""
    ack_all: bool = False
    retry_all: bool = False
    retry_all_delay_s: int | None = None
    explicit_acks: frozenset[str] = frozenset()
    """ids"""
    retries: Mapping[str, int | None] = field(default_factory=dict)
    """ids and their delays in seconds"""
    error: str | None = None
    """the traceback, for the history"""
    logs: Sequence[tuple[str, str]] = ()
    """level and text of what the handler printed, for the history"""
    exception: BaseException | None = None
    """what the handler raised"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The messages of a batch by what becomes of them."""

    acked: list[Message]
    retried: dict[int, list[Message]]
    """by delay in seconds"""
    spent: list[Message]
    """were to be retried, once too often"""


def judge(
    messages: Iterable[Message], verdict: Verdict, *, max_retries: int, retry_delay_s: int
) -> Judgement:
    """Apply the rules of "Batching, Retries and Delays".

    What was said of a message goes before what was said of the batch, and that before the
    outcome; the delay of a retry is the message's, else the batch's, else the consumer's.
    """
    explicit, retries = verdict.explicit_acks, verdict.retries
    rest_acked = verdict.ack_all or (verdict.outcome == "ok" and not verdict.retry_all)
    if rest_acked and not retries:
        return Judgement(list(messages), {}, [])
    delay_of_rest = verdict.retry_all_delay_s if verdict.retry_all else None
    if delay_of_rest is None:
        delay_of_rest = retry_delay_s
    judgement = Judgement([], {}, [])
    for message in messages:
        own_delay: int | None = None
        if message.id in retries:
            own_delay = retries[message.id]
        elif message.id in explicit or rest_acked:
            judgement.acked.append(message)
            continue
        if message.attempts > max_retries:
            judgement.spent.append(message)
            continue
        delay = delay_of_rest if own_delay is None else own_delay
        delay = min(max(delay, 0), _LONGEST_DELAY_S)
        judgement.retried.setdefault(delay, []).append(message)
    return judgement
