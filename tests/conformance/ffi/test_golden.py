"""The boundary between Python and JavaScript, case by case as real Pyodide answers."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.conformance.exceptions import read_exceptions, reason_for

EXCEPTIONS = read_exceptions(Path(__file__).parent.parent / "EXCEPTIONS.md")
PROFILES = {"0.28.2": "0.28", "314.0.4": "314"}


@cache
def recited(program: Path, version: str) -> dict[str, str]:
    """What flarelocal answers, by the name of the case."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.conformance.ffi.recite", program, PROFILES[version]],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert answer.returncode == 0, answer.stderr
    return dict(json.loads(answer.stdout))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    directory: Path = metafunc.config.getoption("--vectors")
    metafunc.parametrize(
        ("program", "case", "version", "expected"),
        [
            pytest.param(
                golden.with_name("cases.py").resolve(),
                case["case"],
                version,
                case[version],
                id=f"{case['id']}/{version}",
            )
            for golden in directory.rglob("golden.json")
            for case in json.loads(golden.read_text("utf-8"))
            for version in PROFILES
            if version in case
        ],
    )


def test_golden(
    program: Path, case: str, version: str, expected: str, request: pytest.FixtureRequest
) -> None:
    found = recited(program, version).get("".join(case.split()))
    reason = reason_for(request.node.callspec.id, EXCEPTIONS)
    if reason is None:
        assert found == expected, case
    else:
        assert found != expected, f"passes, though EXCEPTIONS.md says that it differs: {reason}"
