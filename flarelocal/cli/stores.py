"""The way to D1, KV and R2: the server on a state directory, or the directory itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol
from urllib.parse import quote

import click

from flarelocal.cli.display import Display
from flarelocal.cli.server import Chunks, Content
from flarelocal.cli.state import on_state
from flarelocal.server.answer import Answer

if TYPE_CHECKING:
    from flarelocal.config import WorkerConfig
    from flarelocal.server.rest.stores.api import StoresApi
    from flarelocal.state import StateDirectory

__all__ = ["Stores", "config_of", "on_stores"]

P = ParamSpec("P")

_ACCOUNT = "/client/v4/accounts/local"


class _Way(Protocol):
    """Sends a method, a path with query, and a body; gives the body of the answer."""

    async def __call__(self, method: str, target: str, body: Content, /) -> bytes: ...

    def download(self, target: str, /) -> AbstractAsyncContextManager[Chunks]: ...


class Stores:
    """The REST API of D1, KV and R2, whoever answers.

    Args:
        way: leads there.
    """

    def __init__(self, way: _Way) -> None:
        self._way = way

    async def call(self, method: str, path: str, body: Content = b"") -> Any:
        """The whole of what a request is answered with.

        Args:
            path: behind the account.

        Raises:
            click.ClickException: it was refused.
        """
        answer = json.loads(await self._way(method, _ACCOUNT + path, body))
        if not answer["success"]:
            raise click.ClickException("; ".join(error["message"] for error in answer["errors"]))
        return answer

    async def bytes(self, path: str) -> bytes:
        """What a path gives that is known to be there."""
        return await self._way("GET", _ACCOUNT + path, b"")

    def download(self, path: str) -> AbstractAsyncContextManager[Chunks]:
        """The same, bit by bit."""
        return self._way.download(_ACCOUNT + path)

    async def query(self, database: str, sql: str) -> list[dict[str, Any]]:
        """The results of SQL statements, which are one transaction."""
        body = json.dumps({"sql": sql}).encode()
        path = f"/d1/database/{quote(database, safe='')}/query"
        found: list[dict[str, Any]] = (await self.call("POST", path, body))["result"]
        return found


class _Home:
    """Answers what a server would."""

    def __init__(self, api: StoresApi) -> None:
        self._api = api

    async def __call__(self, method: str, target: str, body: Content) -> bytes:
        async with self._answered(method, target, body) as chunks:
            return b"".join([chunk async for chunk in chunks])

    def download(self, target: str) -> AbstractAsyncContextManager[Chunks]:
        return self._answered("GET", target, b"")

    @contextlib.asynccontextmanager
    async def _answered(self, method: str, target: str, body: Content) -> AsyncIterator[Chunks]:
        path, _, query = target.partition("?")
        content = _one(body) if isinstance(body, bytes) else body
        answer = await self._api.answer(method, path, query, content)
        yield _one(answer.body) if isinstance(answer, Answer) else answer.chunks


async def _one(chunk: bytes) -> Chunks:
    yield chunk


@contextlib.asynccontextmanager
async def _at_home(directory: StateDirectory) -> AsyncIterator[_Home]:
    """Answers from a state directory.

    Raises:
        click.ClickException: the stores cannot be read.
    """
    from flarelocal.database import CorruptStateError
    from flarelocal.server.rest.stores.access import Access
    from flarelocal.server.rest.stores.api import StoresApi
    from flarelocal.storage.dormant import dormant_stores

    try:
        async with dormant_stores(directory.path) as stores:
            yield _Home(StoresApi(Access(stores, None)))
    except CorruptStateError as error:
        raise click.ClickException(str(error)) from None


def on_stores(
    work: Callable[Concatenate[Stores, Display, P], Awaitable[None]],
) -> Callable[..., None]:
    """Give a command the stores, and the options that say which ones and how to show them."""
    local = click.option("--local", is_flag=True, expose_value=False, hidden=True)
    return local(on_state(_at_home, Stores, "name another one with --persist-to", make=True)(work))


def config_of() -> WorkerConfig | None:
    """The configuration that the present command is about; None where there is no file.

    Raises:
        click.ClickException: it is wrong.
    """
    from flarelocal.config import ConfigError, load_config
    from flarelocal.config.discovery import find_config

    given: Path | None = click.get_current_context().params.get("config")
    if given is None:
        try:
            find_config(Path.cwd())
        except ConfigError:
            return None
    try:
        return load_config(given).config
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
