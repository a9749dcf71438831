"""Code that runs as if within a handler."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from flarelocal.clock import Clock, SystemClock
from flarelocal.pyodide import profile
from flarelocal.pyodide.suspension import Suspendable
from tests.loops import pytest_asyncio_loop_factories

__all__ = ["InEvent", "in_event", "pytest_asyncio_loop_factories"]

# What proxies convert by is known once the modules are.
importlib.import_module("flarelocal.pyodide.modules")

InEvent = Callable[..., Awaitable[Any]]


@pytest.fixture
def in_event() -> InEvent:
    """Runs a coroutine within an event."""

    async def run(coroutine: Coroutine[Any, Any, Any], clock: Clock | None = None) -> Any:
        context = contextvars.copy_context()
        context.run((clock or SystemClock()).make_current)
        loop = asyncio.get_running_loop()
        return await asyncio.Task(Suspendable(coroutine), loop=loop, context=context)

    return run


@pytest.fixture(autouse=True)
def newest_profile() -> Any:
    """The rules of the newest Pyodide."""
    usual = profile.current()
    profile.use(profile.PROFILES["314"])
    yield
    profile.use(usual)
