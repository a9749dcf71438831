"""The server that runs: how commands find it and talk to it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

if TYPE_CHECKING:
    import httpx2

__all__ = [
    "Ask",
    "Chunks",
    "Content",
    "OverHttp",
    "config_of_state",
    "over_http",
    "running_server",
    "state_of",
]

_PATIENCE_S = 30.0
_KINDS = ("application/json", "application/octet-stream")

config_of_state = click.option(
    "-c",
    "--config",
    multiple=True,
    type=click.Path(path_type=Path),
    callback=lambda _, __, given: given[0] if given else None,
    help="The wrangler file; the state of several Workers is beside the first.",
)

Chunks: TypeAlias = AsyncIterator[bytes]
Content: TypeAlias = bytes | Chunks

Ask = Callable[[str, str, bytes], Coroutine[None, None, bytes]]
"""Sends a method, a path with query, and a body; gives the body of the answer."""


def state_of(config: Path | None) -> Path:
    """The state directory that belongs to a config, by default to the one that is found here.

    Raises:
        click.ClickException: there is no config, or no such one.
    """
    from flarelocal.config import ConfigError
    from flarelocal.config.discovery import find_config

    if config is None:
        try:
            config = find_config(Path.cwd()).path
        except ConfigError:
            raise click.ClickException(
                "There is no wrangler file here: name one with --config, a state directory with "
                "--persist-to, or a server with --url"
            ) from None
    elif not config.is_file():
        raise click.ClickException(f"{config}: there is no such wrangler file: check the path")
    return config.resolve().parent / ".flarelocal" / "state"


def running_server(state: Path) -> str | None:
    """The URL of the server that works on a state directory; None if there is none.

    Raises:
        click.ClickException: some process works on it, but does not answer.
    """
    from flarelocal.state import StateInUseError, find_holder

    holder = find_holder(state)
    if holder is None:
        return None
    if holder.url is None:
        raise click.ClickException(str(StateInUseError(state, holder)))
    return holder.url


class OverHttp:
    """The way to a server; one that is none of flarelocal's raises a `click.ClickException`."""

    def __init__(self, url: str, patience_s: float | None) -> None:
        self._url = url
        self._patience_s = patience_s

    async def __call__(self, method: str, path: str, body: Content) -> bytes:
        """See `Ask`."""
        async with self._exchange(method, path, body) as response:
            return await response.aread()

    @contextlib.asynccontextmanager
    async def download(self, path: str) -> AsyncIterator[Chunks]:
        """What a path gives, bit by bit."""
        async with self._exchange("GET", path, b"") as response:
            yield response.aiter_raw()

    @contextlib.asynccontextmanager
    async def _exchange(
        self, method: str, path: str, body: Content
    ) -> AsyncIterator[httpx2.Response]:
        import httpx2

        address = self._url.rstrip("/") + path
        try:
            async with (
                httpx2.AsyncClient(timeout=self._patience_s) as client,
                client.stream(method, address, content=body) as response,
            ):
                if not _is_ours(response):
                    raise click.ClickException(
                        f"{self._url} gave {response.status_code} and no JSON: "
                        "see whether that is flarelocal dev"
                    )
                yield response
        except httpx2.HTTPError as error:
            raise click.ClickException(
                f"{self._url} does not answer ({error or type(error).__name__}): "
                "see whether flarelocal dev runs there"
            ) from None


def over_http(url: str, *, patience_s: float | None = _PATIENCE_S) -> OverHttp:
    """The way to a server."""
    return OverHttp(url, patience_s)


def _is_ours(response: httpx2.Response) -> bool:
    return response.headers.get("content-type", "").startswith(_KINDS)
