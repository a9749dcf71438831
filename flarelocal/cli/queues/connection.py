"""The way to the queues: the server on a state directory, or the directory itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import click

from flarelocal.cli.server import Ask

if TYPE_CHECKING:
    from flarelocal.state import StateDirectory

__all__ = ["Queues", "at_home"]

_BASE = "/client/v4/accounts/local/queues"


class Queues:
    """The REST API of queues, whoever answers.

    Args:
        ask: sends a method, a path with query, and a body; gives the body of the answer.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def get(self, path: str = "") -> Any:
        """The result of a request; `path` is behind `…/queues`.

        Raises:
            click.ClickException: it was refused.
        """
        return await self.call("GET", path)

    async def post(self, path: str, body: object = None) -> Any:
        """The result of a request with a JSON body."""
        return await self.call("POST", path, body)

    async def call(self, method: str, path: str, body: object = None) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        answer = json.loads(await self._ask(method, _BASE + path, content))
        if not answer["success"]:
            raise click.ClickException("; ".join(error["message"] for error in answer["errors"]))
        return answer["result"]


@contextlib.asynccontextmanager
async def at_home(directory: StateDirectory) -> AsyncIterator[Ask]:
    """Answers what a server would, from a state directory.

    Raises:
        click.ClickException: the queues cannot be read.
    """
    import random

    from flarelocal.clock import SystemClock
    from flarelocal.database import CorruptStateError, Database
    from flarelocal.journal import Journal
    from flarelocal.queues import SCHEMA, Broker
    from flarelocal.server.rest.account import Account
    from flarelocal.server.rest.api import RestApi

    clock = SystemClock()
    try:
        database = await Database.open(directory.path / "queues.sqlite", SCHEMA, clock)
    except CorruptStateError as error:
        raise click.ClickException(str(error)) from None
    broker = Broker(database, clock, Journal(clock), random.SystemRandom())
    api = RestApi(Account(broker))

    async def ask(method: str, target: str, body: bytes) -> bytes:
        path, _, query = target.partition("?")
        return (await api.answer(method, path, query, body)).body

    try:
        await broker.start()
        yield ask
    finally:
        await broker.stop()
        await database.close()
