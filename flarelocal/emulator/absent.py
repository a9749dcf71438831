"""What stands for Workers that are bound but do not run here.

As with wrangler, the binding exists; requests are answered with 503, calls fail (workers-sdk,
miniflare: workers/core/dev-registry-proxy-shared.worker.ts).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NoReturn

from flarelocal.bindings.rpc import PropertyPath, remote_error
from flarelocal.bindings.rpc.stub import RpcPromise
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.channel import Channel, Way
from flarelocal.durable_objects.identity import IdentityFactory, ObjectId
from flarelocal.javascript.errors import JsError, Thrown, error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.prompt_future import PromptFuture

__all__ = ["AbsentObjects", "AbsentService"]


class AbsentService:
    """Another Worker as the receiver of requests and calls."""

    def __init__(self, worker: str) -> None:
        self._worker = worker

    async def fetch(self, request: Request) -> Response:
        return _unavailable(self._worker)

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> NoReturn:
        raise _failure(self._worker)

    def result(self, value: Value) -> Value:
        return value

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return error


class AbsentObjects:
    """The objects of another Worker's class: they have ids, but nobody answers."""

    def __init__(self, worker: str, class_name: str, random: Random) -> None:
        self.ids = IdentityFactory(f"{worker}-{class_name}", random)
        self._worker = worker

    def get(self, id: ObjectId) -> Channel:
        self.ids.require(id)
        return Channel(id, self._find)

    def _find(self, id: ObjectId) -> Actor:
        raise _failure(self._worker)

    async def fetch(self, way: Way, request: Request) -> Response:
        return _unavailable(self._worker)

    def call(
        self,
        way: Way,
        path: PropertyPath,
        arguments: Sequence[Value] | None,
        reply: PromptFuture[Value],
    ) -> None:
        reply.set_exception(_failure(self._worker))


def _text(worker: str) -> str:
    return f'Worker "{worker}" not found. Make sure it is running locally.'


def _unavailable(worker: str) -> Response:
    return Response.received(
        503, [("content-type", "text/plain;charset=UTF-8")], _text(worker).encode()
    )


def _failure(worker: str) -> JsError | Thrown:
    return remote_error(error(_text(worker)))
