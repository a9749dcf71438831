"""What Python's blocking calls do within a handler: they wait by stack switching, as in Pyodide.

Outside of handlers the functions do what they always did.
"""

from __future__ import annotations

import asyncio
import errno
import functools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flarelocal.pyodide.suspension import can_run_sync, run_sync

__all__ = ["redirect_blocking_calls"]


@contextmanager
def redirect_blocking_calls() -> Iterator[None]:
    """Redirect `time.sleep`, `asyncio.run` and their kin."""
    redirected = [
        (owner, name, getattr(owner, name), instead)
        for owner, name, instead in _INSTEAD
        if hasattr(owner, name)
    ]
    for owner, name, usual, instead in redirected:
        setattr(owner, name, _choosing(usual, instead))
    try:
        yield
    finally:
        for owner, name, usual, _ in redirected:
            setattr(owner, name, usual)


@functools.cache
def _choosing(usual: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(usual)
    def call(*arguments: Any, **options: Any) -> Any:
        return (instead if can_run_sync() else usual)(*arguments, **options)

    return call


def _sleep(seconds: float, /) -> None:
    run_sync(asyncio.sleep(seconds))


def _run(main: Any, **_: Any) -> Any:
    return run_sync(main)


def _runner_run(runner: asyncio.Runner, coro: Any, *, context: Any = None) -> Any:
    return run_sync(asyncio.get_running_loop().create_task(coro, context=context))


def _fork() -> int:
    # Nor could a copy of the whole server be what the Worker wants.
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def _run_until_complete(loop: asyncio.BaseEventLoop, future: Any) -> Any:
    return run_sync(future)


_INSTEAD: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (time, "sleep", _sleep),
    (asyncio, "run", _run),
    (asyncio.runners, "run", _run),
    (asyncio.Runner, "run", _runner_run),
    (asyncio.BaseEventLoop, "run_until_complete", _run_until_complete),
    (os, "fork", _fork),
)
