"""The environment variables of Workers."""

from __future__ import annotations

import contextvars
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from flarelocal.worker.environment import redirect_environment, variables, variables_of_pyodide


@pytest.fixture
def context() -> Iterator[contextvars.Context]:
    """That of an invocation."""
    with redirect_environment():
        context = contextvars.Context()
        context.run(variables.set, variables_of_pyodide((3, 13)))
        yield context


def test_a_worker_is_at_home_where_the_runtime_says(context: contextvars.Context) -> None:
    assert context.run(lambda: os.environ["HOME"]) == "/session"
    assert context.run(lambda: os.environb[b"HOME"]) == b"/session"
    assert context.run(lambda: os.path.expanduser("~")) == "/session"


def test_paths_are_those_of_its_python(context: contextvars.Context) -> None:
    assert "/lib/python3.13/" in context.run(lambda: os.environ["LD_LIBRARY_PATH"])


def test_what_it_sets_is_its_own(context: contextvars.Context) -> None:
    def change() -> None:
        os.environ["ADDED"] = "1"
        os.environ.setdefault("HOME", "elsewhere")
        del os.environ["USER"]

    context.run(change)
    assert context.run(lambda: (os.getenv("ADDED"), "USER" in os.environ)) == ("1", False)
    assert "ADDED" not in os.environ
    program = "import os; print(os.getenv('ADDED'))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "None\n"


def test_what_is_missing_is_a_key_error(context: contextvars.Context) -> None:
    for function in (lambda: os.environ["MISSING"], lambda: os.environ.__delitem__("MISSING")):
        with pytest.raises(KeyError, match="'MISSING'") as raised:
            context.run(function)
        assert not hasattr(raised.value, "__notes__")


def test_what_only_the_machine_has_is_told(
    context: contextvars.Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    assert context.run(lambda: os.getenv("TOKEN")) is None
    with pytest.raises(KeyError, match="'TOKEN'") as raised:
        context.run(lambda: os.environ["TOKEN"])
    (note,) = raised.value.__notes__
    assert note == (
        "Production shows a Worker no variables of the machine: put it into `vars`, or make it a "
        "secret, and read it from `env`. To go beyond that here, use `--lenient environment`, "
        'or write lenient = ["environment"] below [tool.flarelocal] in pyproject.toml.'
    )


def test_everybody_else_works_with_those_of_the_machine(
    context: contextvars.Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_HOST", "1")
    assert os.environ["OF_THE_HOST"] == "1"
    program = "import os; print(os.getenv('OF_THE_HOST'))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "1\n"
    monkeypatch.delenv("OF_THE_HOST")
    assert "OF_THE_HOST" not in os.environ


def test_afterwards_it_is_as_before() -> None:
    usual, content = type(os.environ), dict(os.environ)
    with redirect_environment():
        assert type(os.environ) is not usual
    assert type(os.environ) is usual
    assert dict(os.environ) == content
