"""The example of continuous integration: every step of its workflow succeeds."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from flarelocal.cli import main

_EXAMPLE = Path(__file__).parents[2] / "examples" / "ci"
_WORKFLOW = _EXAMPLE / ".github" / "workflows" / "worker.yml"
_STEPS = [
    line.split("run: flarelocal ", 1)[1]
    for line in _WORKFLOW.read_text().splitlines()
    if "run: flarelocal " in line
]


@pytest.mark.parametrize("step", _STEPS)
def test_a_step_succeeds(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_EXAMPLE)

    result = CliRunner().invoke(main, shlex.split(step))

    assert result.exit_code == 0, result.output


def test_there_is_a_step_for_each_kind_of_event() -> None:
    assert [" ".join(shlex.split(step)[:2]) for step in _STEPS] == [
        "check",
        "trigger fetch",
        "trigger queue",
        "trigger scheduled",
        "trigger alarm",
    ]
