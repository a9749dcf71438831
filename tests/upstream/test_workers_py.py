"""Cloudflare's own suites for Python Workers.

They need a checkout of https://github.com/cloudflare/workers-py:
`pytest tests/upstream --workers-py DIRECTORY`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.upstream.suites import PLATFORMS, SUITES

_CASES = [
    pytest.param(suite, platform, id=f"{suite}-{platform}")
    for suite in SUITES
    for platform in PLATFORMS
    if platform != "0.26" or not SUITES[suite].blocking
]


@pytest.fixture
def checkout(pytestconfig: pytest.Config) -> Path:
    directory: Path | None = pytestconfig.getoption("--workers-py")
    if directory is None:
        pytest.skip("needs a checkout of cloudflare/workers-py: --workers-py DIRECTORY")
    return directory


@pytest.mark.parametrize(("suite", "platform"), _CASES)
def test_suite_passes(suite: str, platform: str, checkout: Path, tmp_path: Path) -> None:
    found = SUITES[suite]
    target = tmp_path / "suite"
    found.copy(checkout, target, PLATFORMS[platform])
    arguments = [str(target), *([found.internet] if found.internet else [])]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.upstream", *arguments],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
