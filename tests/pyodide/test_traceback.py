"""Tracebacks for the user of a Worker."""

from __future__ import annotations

from flarelocal.javascript.errors import type_error
from flarelocal.pyodide.suspension import Escaped
from flarelocal.pyodide.traceback import format_error
from tests.pyodide.conftest import InEvent


async def caught(in_event: InEvent) -> BaseException:
    async def handler() -> None:
        raise ValueError("the reason")

    try:
        await in_event(handler())
    except ValueError as error:
        return error
    raise AssertionError


async def test_the_frames_of_flarelocal_are_left_out(in_event: InEvent) -> None:
    text = format_error(await caught(in_event))
    assert text.startswith("Traceback (most recent call last):\n")
    assert 'raise ValueError("the reason")' in text
    assert "suspension.py" not in text
    assert text.endswith("ValueError: the reason\n")


def test_an_error_that_never_was_in_python_is_one_line() -> None:
    assert format_error(type_error("Method x does not exist")) == (
        "TypeError: Method x does not exist\n"
    )


def test_what_would_have_ended_the_loop_appears_as_itself() -> None:
    assert format_error(Escaped(KeyboardInterrupt("stop"))) == "KeyboardInterrupt: stop\n"
