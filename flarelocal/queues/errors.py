"""Why a queue refuses something, with the codes of the page "Error codes" of Cloudflare Queues."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "BatchCountError",
    "BatchDelayError",
    "BatchSizeError",
    "ConsumerSettingsError",
    "DeliveryPausedError",
    "MessageMetadataError",
    "MessageSizeError",
    "PushConsumerError",
    "QueueError",
    "QueueNotFoundError",
    "QueueOverloadedError",
    "QueueSettingsError",
    "QueueStorageError",
]


class QueueError(Exception):
    """A queue refused a request.

    Args:
        cause_text: what is wrong, in the words that reach the Worker.
        remedy: what to do about it; the end of the message of this error.
    """

    code: ClassVar[int] = 15000
    status: ClassVar[int] = 500
    """of an HTTP response that tells about it"""

    def __init__(self, cause_text: str, remedy: str) -> None:
        super().__init__(f"{cause_text}: {remedy}")
        self.cause_text = cause_text


class QueueNotFoundError(QueueError):
    code = 10104
    status = 404

    def __init__(self, queue: str) -> None:
        super().__init__(
            f'queue "{queue}" does not exist', "create it, or send a message to it, first"
        )


class BatchDelayError(QueueError):
    code = 10202
    status = 400


class MessageMetadataError(QueueError):
    code = 10203
    status = 400


class MessageSizeError(QueueError):
    code = 10204
    status = 413


class BatchSizeError(QueueError):
    code = 10205
    status = 413


class BatchCountError(QueueError):
    code = 10206
    status = 413


class QueueOverloadedError(QueueError):
    code = 10250
    status = 429


class QueueStorageError(QueueError):
    code = 10251
    status = 429


class DeliveryPausedError(QueueError):
    status = 409

    def __init__(self, queue: str) -> None:
        super().__init__("queue_delivery_paused", f'resume the delivery of "{queue}" first')


class PushConsumerError(QueueError):
    status = 400

    def __init__(self, queue: str) -> None:
        super().__init__(
            f'queue "{queue}" is consumed by a Worker',
            "remove that consumer before messages are pulled",
        )


class ConsumerSettingsError(QueueError):
    """The settings of a consumer are such that a deployment would be refused."""

    code = 100127
    status = 400


class QueueSettingsError(QueueError):
    """The settings of a queue are such that Cloudflare would refuse them."""

    code = 100128
    status = 400
