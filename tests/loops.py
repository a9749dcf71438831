"""The event loop on which Workers run, for the tests of a directory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from flarelocal.pyodide.webloop import WebLoop

__all__ = ["pytest_asyncio_loop_factories"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"web": WebLoop}
