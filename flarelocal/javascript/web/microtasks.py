"""What a program has called as soon as it waits for anything."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from weakref import WeakKeyDictionary

from flarelocal.javascript.promise import let_run
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.console import report

__all__ = ["microtasks_waiting", "queue_microtask"]

_microtasks: WeakKeyDictionary[asyncio.AbstractEventLoop, deque[asyncio.Handle]] = (
    WeakKeyDictionary()
)

_busy: set[asyncio.AbstractEventLoop] = set()


def queue_microtask(callback: Callable[..., Value]) -> None:
    """Call before anything that the event loop is to do next, in the order of the calls."""

    def run() -> None:
        try:
            let_run(callback())
        except Exception as failure:
            report(failure)

    loop = asyncio.get_running_loop()
    waiting = _microtasks.setdefault(loop, deque())
    waiting.append(asyncio.Handle(run, (), loop, copy_context()))
    if len(waiting) == 1:
        _busy.add(loop)
        # asyncio has no public way to the front of its queue.
        loop._ready.appendleft(asyncio.Handle(_run_microtasks, (loop, waiting), loop))  # type: ignore[attr-defined]


def _run_microtasks(loop: asyncio.AbstractEventLoop, waiting: deque[asyncio.Handle]) -> None:
    while waiting:
        waiting[0]._run()
        waiting.popleft()
    _busy.discard(loop)


def microtasks_waiting() -> bool:
    """Whether anything given to `queue_microtask` was not called yet."""
    return bool(_busy) and asyncio.get_running_loop() in _busy
