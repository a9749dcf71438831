"""A project to fill, and servers that end with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

Serve = Callable[..., DevProcess]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def serve(project: Project) -> Iterator[Serve]:
    """Start a server on the project; options go to the command line."""
    started: list[DevProcess] = []

    def start(*options: str) -> DevProcess:
        started.append(DevProcess(project.directory, *options))
        return started[-1]

    yield start
    for each in started:
        each.close()
