"""What a Python Worker sees: every case of the vectors, on a real emulator."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flarelocal.clock import SystemClock
from flarelocal.emulator import Emulator, StartError
from flarelocal.pyodide.webloop import WebLoop
from tests.conformance.exceptions import read_exceptions, reason_for
from tests.conformance.python.cases import Case, Suite, load_suites
from tests.conformance.python.driver import Driver, startup_error
from tests.conformance.python.matching import difference
from tests.conformance.python.project import write_project

# The cases provoke warnings, which Workers print.
pytestmark = pytest.mark.filterwarnings("default")

EXCEPTIONS = read_exceptions(Path(__file__).parent.parent / "EXCEPTIONS.md")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    directory: Path = metafunc.config.getoption("--vectors")
    metafunc.parametrize(
        ("suite", "case"),
        [
            pytest.param(suite, case, id=case.key)
            for suite in load_suites(directory)
            for case in suite.cases
        ],
    )


def test_case(suite: Suite, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_pytest(monkeypatch)
    monkeypatch.setattr(os, "fork", _no_fork, raising=False)
    config = write_project(tmp_path, suite, case)

    async def run() -> dict[str, Any]:
        clock = SystemClock()
        try:
            async with Emulator(config, clock=clock, crons=False) as emulator:
                return await Driver(emulator, clock).outcome(case)
        except StartError as error:
            return startup_error(error)

    with asyncio.Runner(loop_factory=WebLoop) as runner:
        found = difference(_comparable(case.expect), runner.run(run()))
    reason = reason_for(case.id, EXCEPTIONS)
    if case.lenient:
        return
    if reason is None:
        assert found is None, found
    else:
        assert found is not None, f"passes, though EXCEPTIONS.md says that it differs: {reason}"


def _no_fork() -> int:
    # The child would be a second run of these tests.
    raise OSError(52, "Function not implemented")


def _without_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let warnings and log records go where they go without pytest."""

    def show(message: Any) -> None:
        write: Callable[[Any], str] = getattr(warnings, "_formatwarnmsg")  # noqa: B009
        sys.stderr.write(write(message))

    monkeypatch.setattr(warnings, "_showwarnmsg_impl", show)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])


def _comparable(expect: dict[str, Any]) -> dict[str, Any]:
    """Without what only the recording observed."""
    return {
        key: [{name: seen for name, seen in event.items() if name != "uncaught"} for event in value]
        if key == "events"
        else value
        for key, value in expect.items()
        if key != "uncaught"
    }
