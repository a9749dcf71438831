"""`flarelocal cache`: what the caches of Workers hold."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.server import Ask
from flarelocal.cli.state import on_state
from flarelocal.cli.times import utc

if TYPE_CHECKING:
    from flarelocal.state import StateDirectory

__all__ = ["command"]

F = TypeVar("F", bound=Callable[..., Any])


class _Caches:
    """The caches, whoever answers."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def __call__(self, method: str, **chosen: object) -> list[dict[str, Any]]:
        """The responses of a choice; those of which nothing is said are all meant."""
        asked = {name: value for name, value in chosen.items() if value not in (None, ())}
        query = urlencode(asked, doseq=True)
        answer = await self._ask(method, f"/cdn-cgi/local/cache?{query}", b"")
        found: list[dict[str, Any]] = json.loads(answer)
        return found


@contextlib.asynccontextmanager
async def _at_home(directory: StateDirectory) -> AsyncIterator[Ask]:
    """Answers what a server would, from a state directory.

    Raises:
        click.ClickException: the caches cannot be read.
    """
    import random

    from flarelocal.clock import SystemClock
    from flarelocal.database import CorruptStateError
    from flarelocal.server.cache import run_cache
    from flarelocal.storage.cache import CacheStore

    store = CacheStore(directory.path / "cache", SystemClock(), random.SystemRandom())

    async def ask(method: str, target: str, body: bytes) -> bytes:
        return (await run_cache(store, method, target.partition("?")[2])).body

    try:
        yield ask
    except CorruptStateError as error:
        raise click.ClickException(str(error)) from None
    finally:
        await store.close()


def _of_caches(work: F) -> F:
    worker = click.option("--worker", help="Only those of this Worker.")
    cache = click.option("--cache", help="Only those of the cache of this name.")
    return worker(cache(work))


_on_caches = on_state(_at_home, _Caches, "caches are filled by a Worker that runs")


@click.group("cache", cls=Group)
def command() -> None:
    """See and purge what Workers have cached."""


@command.command("list")
@_of_caches
@_on_caches
async def list_(caches: _Caches, display: Display, worker: str | None, cache: str | None) -> None:
    """List the responses that are stored."""
    found = await caches("GET", worker=worker, cache=cache)
    if display.as_json:
        display.json(found)
        return
    display.table(
        ["worker", "cache", "key", "status", "bytes", "expires"],
        [
            [
                each["worker"],
                each["cache"] or "",
                each["key"],
                each["status"],
                each["bytes"],
                utc(each["expires"]),
            ]
            for each in found
        ],
        "Nothing is cached.",
    )


@command.command("purge")
@click.argument("keys", nargs=-1, metavar="[URL...]")
@_of_caches
@_on_caches
async def purge(
    caches: _Caches,
    display: Display,
    keys: tuple[str, ...],
    worker: str | None,
    cache: str | None,
) -> None:
    """Remove the responses of these URLs; without any, all of them."""
    gone = await caches("DELETE", key=keys, worker=worker, cache=cache)
    display.done(gone, f"Removed {len(gone)} response{'s' * (len(gone) != 1)}.")
