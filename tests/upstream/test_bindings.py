"""Cloudflare's own suites of bindings, under pytest with the plugin and inside of a Worker."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_DATE = "2026-07-01"
_SUITES = (
    "analytics_engine",
    "assets",
    "d1",
    "do",
    "kv",
    "mtls",
    "queue",
    "r2",
    "ratelimit",
    "version_metadata",
)


@pytest.fixture(scope="module")
def project(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout: Path | None = pytestconfig.getoption("--workers-py")
    if checkout is None:
        pytest.skip("needs a checkout of cloudflare/workers-py: --workers-py DIRECTORY")
    target = tmp_path_factory.mktemp("upstream") / "bindings"
    shutil.copytree(checkout / "packages/runtime-sdk/tests/bindings-test", target)
    config = target / "wrangler.jsonc"
    config.write_text(config.read_text("utf-8").replace("%COMPAT_DATE", _DATE), "utf-8")
    return target


def run(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.mark.parametrize("suite", _SUITES)
def test_suite_passes_with_the_plugin(suite: str, project: Path) -> None:
    options = ("-o", "asyncio_mode=auto", "-p", "no:cacheprovider")
    config = ("--flarelocal-config", "../wrangler.jsonc")
    ran = run(project / "src", "pytest", f"test_{suite}.py", *config, *options)
    assert ran.returncode == 0, ran.stdout


# Where one event is run, messages stay in their queues.
@pytest.mark.parametrize("suite", [suite for suite in _SUITES if suite != "queue"])
def test_suite_passes_inside_of_a_worker(suite: str, project: Path) -> None:
    ran = run(project, "flarelocal", "trigger", "fetch", f"/run-tests/{suite}", "--json")
    assert ran.returncode == 0, ran.stderr
    results = json.loads(json.loads(ran.stdout)["body"])
    outcomes = {each["status"] for each in results.values()}
    # What a suite does not try on this version of Python is skipped.
    assert {"passed"} <= outcomes <= {"passed", "skipped"}, ran.stderr
