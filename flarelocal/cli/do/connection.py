"""The way to the objects: the server on a state directory, or the directory itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import click

from flarelocal.cli.server import Ask

if TYPE_CHECKING:
    from flarelocal.server.objects.api import ObjectsApi
    from flarelocal.state import StateDirectory

__all__ = ["Objects", "asking", "at_home"]

_PATH = "/cdn-cgi/local/objects"


class Objects:
    """The requests about Durable Objects, whoever answers."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def list(self, class_name: str | None) -> Any:
        """All objects, or those of one class."""
        query = f"?{urlencode({'class': class_name})}" if class_name else ""
        return await self._result("GET", query)

    async def of(
        self,
        class_name: str,
        object: str,
        method: str,
        action: str = "",
        body: object = None,
        **query: object,
    ) -> Any:
        """Do something with one object.

        Args:
            object: its name or id.
            action: the last part of the path.
            query: what else the request says; lists stand for several values.

        Raises:
            click.ClickException: it was refused.
        """
        asked = urlencode({"object": object, **query}, doseq=True)
        path = f"/{quote(class_name, safe='')}/{action}".rstrip("/")
        return await self._result(method, f"{path}?{asked}", body)

    async def _result(self, method: str, path: str, body: object = None) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        answer = json.loads(await self._ask(method, _PATH + path, content))
        if isinstance(answer, dict) and answer.keys() == {"error"}:
            raise click.ClickException(answer["error"])
        return answer


def asking(api: ObjectsApi) -> Ask:
    """The way to what answers in this process."""

    async def ask(method: str, target: str, body: bytes) -> bytes:
        from urllib.parse import unquote

        path, _, query = target.partition("?")
        return (await api.answer(method, unquote(path), query, body)).body

    return ask


@contextlib.asynccontextmanager
async def at_home(directory: StateDirectory) -> AsyncIterator[Ask]:
    """Answers what a server would, from a state directory; no code runs, and no alarm rings.

    Raises:
        click.ClickException: the objects cannot be read.
    """
    from flarelocal.database import CorruptStateError
    from flarelocal.durable_objects.dormant import dormant_namespaces
    from flarelocal.server.objects.api import ObjectsApi

    try:
        async with dormant_namespaces(directory.path / "do") as namespaces:
            yield asking(ObjectsApi(namespaces, None))
    except CorruptStateError as error:
        raise click.ClickException(str(error)) from None
