"""The static assets of a Worker: `env.ASSETS`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.rpc import PropertyPath, remote_error
from flarelocal.bindings.rpc.stub import RpcPromise
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.status_text import status_text
from flarelocal.storage.assets import Asset, AssetAnswer, Assets
from flarelocal.worker.code import ReceiverError

__all__ = ["assets_binding", "response_of"]

_WHOLE_BYTES = 1024 * 1024
_CHUNK_BYTES = 256 * 1024


def assets_binding(assets: Assets) -> Fetcher:
    """The binding: its `fetch` answers from the directory, whatever the host of the URL is."""

    async def fetch(request: Request) -> Response:
        headers = dict(request.headers.combined())
        return response_of(assets.resolve(request.method, request.url, headers))

    return Fetcher(fetch, _NoMethods())


class _NoMethods:
    """The receiver of calls: assets can only be fetched."""

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> NoReturn:
        raise remote_error(ReceiverError.missing(path[0]))

    def result(self, value: Value) -> Value:
        return value

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return error


def response_of(answer: AssetAnswer) -> Response:
    """The response that an answer stands for; large files are read as they are sent."""
    try:
        body = _body(answer.file) if answer.file else None
    except FileNotFoundError:
        # A build may replace the file between the look at it and now.
        answer, body = AssetAnswer(404, []), None
    return Response.received(
        answer.status,
        list(answer.headers),
        body,
        status_text=status_text(answer.status),
    )


def _body(file: Asset) -> bytes | AsyncIterator[bytes]:
    return file.path.read_bytes() if file.size <= _WHOLE_BYTES else _chunks(file.path)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    for chunk in _read(path):
        yield chunk


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
