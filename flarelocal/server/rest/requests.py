"""The bodies of requests, and how they are read."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from flarelocal.queues import ContentType
from flarelocal.server.rest.errors import InvalidBodyError, MalformedBodyError

__all__ = [
    "Acknowledgement",
    "BatchToPush",
    "ConsumerToSave",
    "Lease",
    "MessageToPush",
    "Peek",
    "Pull",
    "Purge",
    "PurgeOfRefs",
    "QueueToSave",
    "Redrive",
    "Settings",
    "read",
]


class MessageToPush(BaseModel):
    body: Any
    content_type: ContentType = ContentType.JSON
    delay_seconds: int | None = None


class BatchToPush(BaseModel):
    messages: list[MessageToPush]
    delay_seconds: int | None = None


class Pull(BaseModel):
    batch_size: int | None = None
    visibility_timeout_ms: int | None = None
    visibility_timeout: int | None = None
    """what older pages call `visibility_timeout_ms`"""


class Lease(BaseModel):
    lease_id: str
    delay_seconds: int | None = None


class Acknowledgement(BaseModel):
    acks: list[Lease] = []
    retries: list[Lease] = []


class Peek(BaseModel):
    batch_size: int = 10
    state: Literal["ready", "delayed", "in_flight", "all"] = "ready"
    offset: int = 0


class _Ref(BaseModel):
    ref: str


class PurgeOfRefs(BaseModel):
    refs: list[_Ref]


class Redrive(BaseModel):
    refs: list[_Ref] | None = None


class Purge(BaseModel):
    delete_messages_permanently: bool = False


class Settings(BaseModel):
    delivery_delay: int | None = None
    delivery_paused: bool | None = None
    message_retention_period: int | None = None


class QueueToSave(BaseModel):
    queue_name: str | None = None
    settings: Settings | None = None


class _ConsumerSettings(BaseModel):
    batch_size: int | None = None
    max_retries: int | None = None
    max_wait_time_ms: float | None = None
    max_concurrency: int | None = None
    retry_delay: int | None = None
    visibility_timeout_ms: int | None = None


class ConsumerToSave(BaseModel):
    type: Literal["worker", "http_pull"] = "worker"
    script_name: str | None = None
    dead_letter_queue: str | None = None
    settings: _ConsumerSettings | None = None


M = TypeVar("M", bound=BaseModel)


def read(model: type[M], body: bytes) -> M:
    """The body of a request; one that is empty stands for `{}`.

    Raises:
        MalformedBodyError: it is not JSON.
        InvalidBodyError: it is not of this model.
    """
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise MalformedBodyError(f"The body is not JSON ({error}): send JSON.") from None
    try:
        return model.model_validate(value)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the body"
        raise InvalidBodyError(f"{place}: {first['msg']}; send what fits there.") from None
