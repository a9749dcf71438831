"""The argument of `queue`: a batch of messages, and what the handler decides about them."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.bindings.queue import metrics_value
from flarelocal.bindings.queue_body import decode
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.console import current_console
from flarelocal.queues import Batch, Message, Verdict

__all__ = ["QueueController", "QueueMessage"]


class QueueController(HostObject):
    """A batch under the hands of a consumer (workerd, api/queue.c++).

    The first decision about a message counts; a later one that contradicts it is warned about.
    """

    __slots__ = ("_acked", "_batch", "_messages", "_retried", "_retry_all", "acked_all")

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._acked: set[str] = set()
        self._retried: dict[str, int | None] = {}
        self._retry_all: tuple[int | None] | None = None
        self._messages = [QueueMessage(self, message) for message in batch.messages]
        self.acked_all = False

    @getter(own=True)
    def queue(self) -> str:
        return self._batch.queue

    @getter(own=True)
    def messages(self) -> list[QueueMessage]:
        return self._messages

    @getter(own=True)
    def metadata(self) -> Value:
        return {"metrics": metrics_value(self._batch.metrics)}

    @method
    def ack_all(self) -> None:
        if self._retry_all is not None:
            _warn("ackAll()", "retryAll()")
        else:
            self.acked_all = True

    @method
    def retry_all(self, options: Value = None) -> None:
        delay_s = _delay(options, "retryAll", "QueueController")
        if self.acked_all:
            _warn("retryAll()", "ackAll()")
        elif self._retry_all is None or delay_s is not None:
            self._retry_all = (delay_s,)

    def ack(self, message: str) -> None:
        """Decide that a message was handled."""
        if self.acked_all:
            return
        if self._retry_all is not None:
            _warn("ack()", "retryAll()", message)
        elif message in self._retried:
            _warn("ack()", "retry()", message)
        else:
            self._acked.add(message)

    def retry(self, message: str, delay_s: int | None) -> None:
        """Decide that a message is to be delivered again."""
        if self.acked_all:
            _warn("retry()", "ackAll()", message)
        elif message in self._acked:
            _warn("retry()", "ack()", message)
        else:
            self._retried[message] = delay_s

    def verdict(
        self,
        outcome: str,
        error: str | None = None,
        logs: Sequence[tuple[str, str]] = (),
        exception: BaseException | None = None,
    ) -> Verdict:
        """All decisions, with how the handler ended and what it printed."""
        return Verdict(
            outcome=outcome,
            ack_all=self.acked_all,
            retry_all=self._retry_all is not None,
            retry_all_delay_s=self._retry_all[0] if self._retry_all else None,
            explicit_acks=frozenset(self._acked),
            retries=dict(self._retried),
            error=error,
            logs=logs,
            exception=exception,
        )


class QueueMessage(HostObject):
    """One message of a batch."""

    __slots__ = ("_body", "_controller", "_message")

    def __init__(self, controller: QueueController, message: Message) -> None:
        self._controller = controller
        self._message = message
        self._body: tuple[Value] | None = None

    @getter(own=True)
    def id(self) -> str:
        return self._message.id

    @getter(own=True)
    def timestamp(self) -> Date:
        return Date(self._message.timestamp_ms)

    @getter(own=True)
    def body(self) -> Value:
        if self._body is None:
            self._body = (decode(self._message.body, self._message.content_type),)
        return self._body[0]

    @getter(own=True)
    def attempts(self) -> int:
        return self._message.attempts

    @method
    def ack(self) -> None:
        self._controller.ack(self._message.id)

    @method
    def retry(self, options: Value = None) -> None:
        delay_s = _delay(options, "retry", "QueueMessage")
        self._controller.retry(self._message.id, delay_s)


def _delay(options: Value, call: str, owner: str) -> int | None:
    given = properties_of(options)
    if given is None:
        raise type_error(
            f"Failed to execute '{call}' on '{owner}': "
            "parameter 1 is not of type 'QueueRetryOptions'."
        )
    delay = given.get("delaySeconds")
    return None if delay is None else to_int32(delay)


def _warn(late: str, first: str, message: str | None = None) -> None:
    subject = f" on message {message}" if message else ""
    again = " on a message" if message else ""
    current_console.get()(
        "warn",
        f"Received a call to {late}{subject} after {first} was already called. "
        f"Calling {late}{again} after calling {first} has no effect.",
    )
