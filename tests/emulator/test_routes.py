"""Which Worker gets a request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Several, StartSeveral

_ANSWER = """
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(self.env.NAME)
"""
_ROUTES: dict[str, dict[str, Any]] = {
    "first": {},
    "shop": {"routes": ["shop.example.com/*", "example.com/shop/*", "https://secure.net/*"]},
    "blog": {"route": "*.example.com/*"},
    "cart": {"routes": ["example.com/shop/cart"]},
    "site": {"routes": [{"pattern": "own.org", "custom_domain": True}]},
}


@pytest.fixture
async def several(start: StartSeveral) -> Several:
    workers = {
        name: (_ANSWER, {**config, "vars": {"NAME": name}}) for name, config in _ROUTES.items()
    }
    found: Several = await start(**workers)
    return found


@pytest.mark.parametrize(
    ("host", "path", "worker"),
    [
        ("localhost:8787", "/", "first"),
        ("example.com", "/", "first"),
        ("example.com", "/shop/", "shop"),
        ("example.com:8787", "/shop/shoes?size=40", "shop"),
        ("example.com", "/shop", "first"),
        ("example.com", "/shop/cart", "cart"),
        ("example.com", "/shop/cart?page=2", "shop"),
        ("SHOP.example.com", "/", "shop"),
        ("news.example.com", "/", "blog"),
        ("secure.net", "/", "first"),
        ("own.org", "/any/path", "site"),
    ],
)
async def test_a_request_goes_by_its_host_and_path(
    several: Several, host: str, path: str, worker: str
) -> None:
    assert await several.get(path, host=host) == worker


async def test_the_worker_can_be_named(several: Several) -> None:
    assert await several.get("/", host="own.org", worker="blog") == "blog"
