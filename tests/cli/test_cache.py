"""`flarelocal cache` on a state directory that no server works on."""

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from flarelocal.cli import main
from flarelocal.clock import SystemClock
from flarelocal.storage.cache import CacheStore


async def _fill(state: Path) -> None:
    store = CacheStore(state / "cache", SystemClock(), Random(1))
    for worker, name, path in (("api", None, "a"), ("api", None, "b"), ("jobs", "x", "a")):
        cache = store.cache(worker, name)
        await cache.put(f"http://h/{path}", 200, {"cache-control": "max-age=60"}, {}, b"body")
    await store.close()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    asyncio.run(_fill(tmp_path))
    return tmp_path


def _cache(state: Path, *arguments: str) -> Any:
    command = ["cache", *arguments, "--persist-to", str(state), "--json"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    return sorted((each["worker"], each["cache"], each["key"]) for each in found)


API_A, API_B = ("api", None, "http://h/a"), ("api", None, "http://h/b")
JOBS_A = ("jobs", "x", "http://h/a")


def test_what_is_cached_is_listed(state: Path) -> None:
    assert _cache(state, "list") == [API_A, API_B, JOBS_A]
    assert _cache(state, "list", "--worker", "api") == [API_A, API_B]
    assert _cache(state, "list", "--cache", "x") == [JOBS_A]
    shown = CliRunner().invoke(main, ["cache", "list", "--persist-to", str(state)]).stdout
    assert "jobs    x      http://h/a     200      4" in shown


def test_urls_are_purged_or_everything(state: Path) -> None:
    assert _cache(state, "purge", "http://h/a") == [API_A, JOBS_A]
    assert _cache(state, "list") == [API_B]
    assert _cache(state, "purge") == [API_B]
    shown = CliRunner().invoke(main, ["cache", "list", "--persist-to", str(state)]).stdout
    assert shown == "Nothing is cached.\n"
