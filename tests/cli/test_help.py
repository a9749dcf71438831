"""What `--help` says."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from flarelocal.cli import main


def _commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, *path, name)


@pytest.mark.parametrize("path", [(), *_commands(main)], ids=" ".join)
def test_it_fits_a_terminal_of_80_columns(path: tuple[str, ...]) -> None:
    help = CliRunner().invoke(main, [*path, "--help"], terminal_width=80).output
    assert help.startswith("Usage:")
    assert max(map(len, help.splitlines())) <= 80


@pytest.mark.parametrize("path", [(), *_commands(main)], ids=" ".join)
def test_no_summary_is_cut_off(path: tuple[str, ...]) -> None:
    _, *lines = CliRunner().invoke(main, [*path, "--help"]).output.splitlines()
    assert not [line for line in lines if line.endswith("...")]
