"""The producer binding: `env.MY_QUEUE`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from flarelocal.bindings.queue_body import content_type, encode
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, error, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import Options, properties_of
from flarelocal.javascript.values import Value, null
from flarelocal.queues import Broker, ContentType, Metrics, OutgoingMessage, QueueError

__all__ = ["WorkerQueue", "metrics_value"]


class WorkerQueue(HostObject, io=True):
    """A queue that messages are sent to (Cloudflare docs, "JavaScript APIs" of Queues).

    Args:
        default: the content type of a message that names none, by compatibility date.
        error_codes: whether the service's errors carry their code (`queue_expose_error_codes`).
        delay_s: the delay of messages that say nothing of one: `delivery_delay` of the producer.
    """

    __slots__ = ("_broker", "_default", "_delay_s", "_error_codes", "_name")

    def __init__(
        self,
        broker: Broker,
        name: str,
        *,
        default: ContentType,
        error_codes: bool,
        delay_s: int | None = None,
    ) -> None:
        self._broker = broker
        self._name = name
        self._default = default
        self._error_codes = error_codes
        self._delay_s = delay_s

    @method
    async def send(self, body: Annotated[Value, "Value"], options: Value = None) -> Value:
        """Send one message; resolves when it is on disk. A buffer sent as bytes is given away."""
        if body is None:
            raise type_error("Message body cannot be undefined")
        settings = _options(options, "send", "SendOptions")
        kind = content_type(settings.get("contentType"), self._default)
        message = OutgoingMessage(encode(body, kind), kind, _delay(settings))
        if kind is ContentType.BYTES:
            body.buffer.detach()
        return await self._deliver([message], None, "send")

    @method
    async def send_batch(
        self, messages: Annotated[Value, "Sequence"], options: Value = None
    ) -> Value:
        """Send up to 100 messages at once; all of them are kept, or none."""
        requests = [_request(item) for item in _sequence(messages)]
        settings = _options(options, "sendBatch", "SendBatchOptions")
        if not requests:
            raise type_error("sendBatch() requires at least one message")
        outgoing = [self._outgoing(request) for request in requests]
        return await self._deliver(outgoing, _delay(settings), "sendBatch")

    @method
    async def metrics(self) -> Value:
        """The backlog of the queue."""
        return metrics_value(self._broker.metrics(self._name))

    def _outgoing(self, given: Options) -> OutgoingMessage:
        body = given.get("body")
        if body is None:
            raise type_error("Message body cannot be undefined")
        kind = self._default
        asked = given.get("contentType")
        if asked is not None:
            kind = content_type(asked, kind)
            if asked != kind:
                # The runtime serialises by the name as it was given (workerd, api/queue.c++).
                raise type_error(f"Unsupported queue message content type: {asked}")
        delay = given.get("delaySeconds")
        return OutgoingMessage(encode(body, kind), kind, None if delay is None else to_int32(delay))

    async def _deliver(
        self, messages: Iterable[OutgoingMessage], delay_s: int | None, call: str
    ) -> Value:
        delay_s = self._delay_s if delay_s is None else delay_s
        try:
            metrics = await self._broker.send(self._name, list(messages), delay_s=delay_s)
        except QueueError as refused:
            raise self._error(refused, call) from None
        return {"metadata": {"metrics": metrics_value(metrics)}}

    def _error(self, refused: QueueError, call: str) -> JsError:
        if self._error_codes:
            return error(f"{refused.cause_text} ({refused.code})")
        return error(f"Queue {call} failed: {refused.cause_text}")


def metrics_value(metrics: Metrics) -> Value:
    """A backlog as programs see it."""
    oldest_ms = metrics.oldest_message_timestamp_ms
    return {
        "backlogCount": metrics.backlog_count,
        "backlogBytes": metrics.backlog_bytes,
        "oldestMessageTimestamp": Date(oldest_ms) if oldest_ms else None,
    }


def _sequence(value: Value) -> Iterator[Value]:
    try:
        if value is not None and value is not null and not isinstance(value, str | dict):
            return iterate(value)
    except (JsError, TypeError):
        pass
    raise type_error(
        "Failed to execute 'sendBatch' on 'WorkerQueue': parameter 1 is not of type 'Sequence'."
    )


def _request(item: Value) -> Options:
    if item is None or item is null:
        # So the runtime names its class.
        raise type_error(
            "Cannot initialize N7workerd3api11WorkerQueue18MessageSendRequestE with required "
            "members from an undefined or null value."
        )
    given = properties_of(item)
    if given is None:
        raise type_error("Incorrect type: the provided value is not of type 'MessageSendRequest'.")
    return given


def _options(options: Value, call: str, kind: str) -> Options:
    found = properties_of(options)
    if found is None:
        raise type_error(
            f"Failed to execute '{call}' on 'WorkerQueue': parameter 2 is not of type '{kind}'."
        )
    return found


def _delay(options: Options) -> int | None:
    given = options.get("delaySeconds")
    return None if given is None else to_int32(given)
