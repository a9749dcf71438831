"""`flarelocal init`: a project that works as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flarelocal.cli import main


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_new_project_passes_its_checks_and_its_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _run("init", "My Visits!")

    assert (made.exit_code, made.output.splitlines()[-1]) == (
        0,
        "The Worker my-visits is ready: cd 'My Visits!' && flarelocal dev",
    )
    monkeypatch.chdir(tmp_path / "My Visits!")
    assert _run("check").output == "All is well.\n"
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == 0, tests.stdout


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")

    result = _run("init")

    assert result.exit_code == 1
    assert "README.md exists already" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_name_that_cloudflare_refuses_is_refused(tmp_path: Path) -> None:
    result = _run("init", "--name", "Not Good")

    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []
