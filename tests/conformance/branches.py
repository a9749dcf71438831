"""Branches of one event, which take turns wherever one of them awaits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any

__all__ = ["run_branches"]


async def run_branches(branches: list[Coroutine[Any, Any, object]]) -> None:
    """Run coroutines in turns until all have ended, with an error or without.

    As in JavaScript, an `await` of what is there already lets the other branches of the event go
    on, but no other event: all of them run within the one task of the caller.
    """
    ready = deque(branches)
    blocked: dict[Coroutine[Any, Any, object], asyncio.Future[Any]] = {}
    while ready or blocked:
        if not ready:
            await asyncio.wait(blocked.values(), return_when=asyncio.FIRST_COMPLETED)
            ready.extend(branch for branch, future in blocked.items() if future.done())
            for branch in ready:
                del blocked[branch]
        branch = ready.popleft()
        try:
            awaited = branch.send(None)
        except Exception:
            # StopIteration, or an error, which is among the outcomes of the branch.
            continue
        if awaited is None:
            ready.append(branch)
        else:
            awaited._asyncio_future_blocking = False
            blocked[branch] = awaited
