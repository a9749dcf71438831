"""Cloudflare Queues: production's semantics, durable, inspectable."""

from __future__ import annotations

from flarelocal.queues.broker import Broker
from flarelocal.queues.consumer import Dispatch
from flarelocal.queues.errors import (
    BatchCountError,
    BatchDelayError,
    BatchSizeError,
    ConsumerSettingsError,
    DeliveryPausedError,
    MessageMetadataError,
    MessageSizeError,
    PushConsumerError,
    QueueError,
    QueueNotFoundError,
    QueueOverloadedError,
    QueueSettingsError,
    QueueStorageError,
)
from flarelocal.queues.history import Attempt
from flarelocal.queues.inspection import QueueInfo, State, StoredMessage
from flarelocal.queues.leases import Leased, Pulled, Returned
from flarelocal.queues.limits import Limits
from flarelocal.queues.message import Batch, ContentType, Message, Metrics, OutgoingMessage
from flarelocal.queues.registry import queue_id
from flarelocal.queues.schema import SCHEMA
from flarelocal.queues.settings import ConsumerSettings, PullSettings, QueueSettings
from flarelocal.queues.verdict import Verdict

__all__ = [
    "SCHEMA",
    "Attempt",
    "Batch",
    "BatchCountError",
    "BatchDelayError",
    "BatchSizeError",
    "Broker",
    "ConsumerSettings",
    "ConsumerSettingsError",
    "ContentType",
    "DeliveryPausedError",
    "Dispatch",
    "Leased",
    "Limits",
    "Message",
    "MessageMetadataError",
    "MessageSizeError",
    "Metrics",
    "OutgoingMessage",
    "PullSettings",
    "Pulled",
    "PushConsumerError",
    "QueueError",
    "QueueInfo",
    "QueueNotFoundError",
    "QueueOverloadedError",
    "QueueSettings",
    "QueueSettingsError",
    "QueueStorageError",
    "Returned",
    "State",
    "StoredMessage",
    "Verdict",
    "queue_id",
]
