from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flarelocal.cli import main
from tests.end_to_end.conftest import serve

__all__ = ["CommandLine", "serve"]


class CommandLine:
    """`flarelocal queues`, on a state directory."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def __call__(self, *arguments: str, input: str | None = None) -> str:
        """What a command prints."""
        result = self._run(arguments, input)
        assert result.exit_code == 0, result.output
        return str(result.output)

    def json(self, *arguments: str) -> Any:
        """What a command prints with `--json`."""
        return json.loads(self(*arguments, "--json"))

    def error(self, *arguments: str, input: str | None = None) -> str:
        """What a command says that fails."""
        result = self._run(arguments, input)
        assert result.exit_code != 0, result.output
        return str(result.output)

    def _run(self, arguments: tuple[str, ...], input: str | None) -> Any:
        command = ["queues", *arguments, "--persist-to", str(self.state)]
        return CliRunner().invoke(main, command, input=input, catch_exceptions=False)


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "state")
