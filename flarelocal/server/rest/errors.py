"""Why the REST API refuses a request, apart from what the queues themselves refuse."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ConsumerExistsError",
    "ConsumerNotFoundError",
    "InvalidBodyError",
    "MalformedBodyError",
    "NameTakenError",
    "QueueNameError",
    "RestError",
    "RouteNotFoundError",
    "ScriptNotFoundError",
]


class RestError(Exception):
    """A request is refused; the message says why."""

    status: ClassVar[int] = 400
    code: ClassVar[int] = 10207


class InvalidBodyError(RestError):
    """The body is JSON, but not the JSON that is asked for."""


class MalformedBodyError(RestError):
    """The body is not JSON."""

    code = 10208


class RouteNotFoundError(RestError):
    """There is no such path, or not with this method."""

    status = 404
    code = 7003


class QueueNameError(RestError):
    """No queue can be called this."""

    code = 11003


class NameTakenError(RestError):
    """Another queue is called this."""

    status = 409
    code = 11009


class ConsumerExistsError(RestError):
    """The queue has the one consumer that it can have."""

    code = 11004


class ConsumerNotFoundError(RestError):
    """The queue has no such consumer."""

    status = 404
    code = 11005


class ScriptNotFoundError(RestError):
    """No Worker of this name runs here."""

    code = 10007
