"""`wrangler queues …`, unmodified but for its base URL; runs where wrangler is installed."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_PATIENCE_S = 30
_WRANGLER = os.environ.get("WRANGLER") or shutil.which("wrangler")
pytestmark = pytest.mark.skipif(
    _WRANGLER is None, reason="wrangler is neither on PATH nor named by WRANGLER"
)
_WORKER = """
    from workers import WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def queue(self, batch, env, ctx):
            pass
"""


class Wrangler:
    """Calls `wrangler queues` against a server."""

    def __init__(self, url: str, directory: Path) -> None:
        self._directory = directory
        self._environment = os.environ | {
            "CLOUDFLARE_API_BASE_URL": f"{url}/client/v4",
            "CLOUDFLARE_API_TOKEN": "any",
            "CLOUDFLARE_ACCOUNT_ID": "0123456789abcdef0123456789abcdef",
            "WRANGLER_SEND_METRICS": "false",
            "WRANGLER_SEND_ERROR_REPORTS": "false",
            "WRANGLER_HIDE_BANNER": "true",
            "XDG_CONFIG_HOME": str(directory),
            "CI": "1",
        }

    def __call__(self, *arguments: str) -> str:
        assert _WRANGLER is not None
        done = subprocess.run(
            [_WRANGLER, "queues", *arguments],
            cwd=self._directory,
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
            check=False,
        )
        return done.stdout + done.stderr

    def consumers(self, queue: str) -> list[Any]:
        found: list[Any] = json.loads(self("consumer", "list", queue, "--json"))
        return found


@pytest.fixture
def wrangler(tmp_path: Path) -> Iterator[Wrangler]:
    (tmp_path / "project").mkdir()
    project = Project(tmp_path / "project")
    project.configure(queues={"consumers": [{"queue": "work"}]})
    project.write(_WORKER)
    server = DevProcess(project.directory, "--no-reload")
    yield Wrangler(server.url, tmp_path)
    server.close()


def test_queues_are_managed(wrangler: Wrangler) -> None:
    assert "Created queue 'jobs'" in wrangler("create", "jobs", "--delivery-delay-secs", "5")
    assert "already taken" in wrangler("create", "jobs")
    assert "Updated queue jobs" in wrangler("update", "jobs", "--delivery-delay-secs", "7")
    assert "jobs" in wrangler("list")
    assert "worker:tested" in wrangler("info", "work")
    assert "Paused message delivery" in wrangler("pause-delivery", "jobs")
    assert "Resumed message delivery" in wrangler("resume-delivery", "jobs")
    assert "Purged Queue 'jobs'" in wrangler("purge", "jobs", "--force")
    assert "Deleted queue jobs" in wrangler("delete", "jobs")
    assert 'Queue "jobs" does not exist' in wrangler("info", "jobs")


def test_consumers_are_added_and_removed(wrangler: Wrangler) -> None:
    wrangler("create", "jobs")
    assert "Added consumer" in wrangler("consumer", "http", "add", "jobs", "--batch-size", "3")
    assert wrangler.consumers("jobs")[0]["settings"]["batch_size"] == 3
    assert "Removed consumer" in wrangler("consumer", "http", "remove", "jobs")
    assert "Added consumer" in wrangler("consumer", "add", "jobs", "tested")
    assert wrangler.consumers("jobs")[0]["script"] == "tested"
    assert "Removed consumer" in wrangler("consumer", "remove", "jobs", "tested")
    assert wrangler.consumers("jobs") == []
