"""`caches` in tests: those of the Worker, empty at the beginning, and on its clock."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from flarelocal.testing.flare import Flare

URL = "https://example.com/rates"


@pytest.fixture
def caches(flare: Flare) -> Any:
    return importlib.import_module("js").caches


@pytest.mark.parametrize("first", [True, False])
async def test_caches_are_empty_and_expire(flare: Flare, caches: Any, first: bool) -> None:
    workers: Any = importlib.import_module("workers")
    assert await caches.default.match(URL) is None
    response = workers.Response("1.1", headers={"cache-control": "max-age=60"})
    await caches.default.put(URL, response.js_object)
    assert await (await caches.default.match(URL)).text() == "1.1"
    await flare.clock.advance(seconds=60)
    assert await caches.default.match(URL) is None


async def test_a_reset_empties_them(flare: Flare, caches: Any) -> None:
    workers: Any = importlib.import_module("workers")
    response = workers.Response("1.1", headers={"cache-control": "max-age=60"})
    await caches.default.put(URL, response.js_object)
    await flare.reset()
    assert await caches.default.match(URL) is None
