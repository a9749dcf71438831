"""`pyodide.console`: Python that is typed line by line."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from flarelocal.pyodide.console import Console, PyodideConsole, repr_shorten, shorten


async def test_an_expression_has_a_result() -> None:
    console = Console({"x": 3})
    assert await console.push("x + 1") == 4
    assert await console.push("x + 1;") is None
    assert await PyodideConsole().push("__name__") == "__console__"


async def test_statements_share_a_namespace_and_run_one_after_another() -> None:
    console = Console()
    console.push("import asyncio; await asyncio.sleep(0); a = 1")
    assert await console.push("a + 1") == 2
    assert console.globals["a"] == 1


async def test_a_block_ends_with_an_empty_line() -> None:
    console = Console()
    lines = ("if True:", "    x = 1", "else:", "    x = 2", "")
    checks = [console.push(line).syntax_check for line in lines]
    assert checks == ["incomplete"] * 4 + ["complete"]
    assert console.buffer == []
    assert await console.push("x") == 1


async def test_what_is_no_python_says_so() -> None:
    result = Console().push("no python here")
    assert result.syntax_check == "syntax-error"
    assert "SyntaxError: invalid syntax" in str(result.formatted_error)
    with pytest.raises(SyntaxError):
        await result


async def test_an_error_shows_only_what_was_typed() -> None:
    console = Console()
    console.push("def divide(): 1 / 0")
    console.push("")
    result = console.push("divide()")
    with pytest.raises(ZeroDivisionError):
        await result
    lines = str(result.formatted_error).splitlines()
    assert [line for line in lines if "^" not in line] == [
        "Traceback (most recent call last):",
        '  File "<console>", line 1, in <module>',
        '  File "<console>", line 1, in divide',
        "ZeroDivisionError: division by zero",
    ]


async def test_callbacks_read_and_write(capsys: pytest.CaptureFixture[str]) -> None:
    written: list[str] = []
    console = Console(
        stdin_callback=lambda size: "typed\n",
        stdout_callback=written.append,
        stderr_callback=written.append,
    )
    assert await console.push("input()") == "typed"
    await console.push("import sys; print('out'); print('err', file=sys.stderr)")
    sys.stdout.write("elsewhere\n")
    assert "".join(written) == "out\nerr\n"
    assert capsys.readouterr().out == "elsewhere\n"


def test_callbacks_may_serve_until_they_are_taken_away() -> None:
    written: list[str] = []
    console = Console(stdout_callback=written.append, persistent_stream_redirection=True)
    sys.stdout.write("one\n")
    with console.redirect_streams():
        sys.stdout.write("two\n")
    console.persistent_restore_streams()
    sys.stdout.write("three\n")
    assert "".join(written) == "one\ntwo\n"


@pytest.mark.parametrize(
    ("source", "completions"),
    [("1 + prin", (["print("], 4)), ("word.casef", (["word.casefold("], 0)), ("x.y", ([], 0))],
)
def test_words_are_completed(source: str, completions: tuple[list[str], int]) -> None:
    found, start = Console({"word": "w"}).complete(source)
    assert ([name.rstrip(")") for name in found], start) == completions


@pytest.mark.parametrize(
    ("options", "short"),
    [
        ({"limit": 12}, "abcdefghijkl"),
        ({"limit": 5}, "ab...kl"),
        ({"limit": 5, "split": 1}, "a...l"),
        ({"limit": 5, "split": 9}, "abcdef...ghijkl"),
        ({"limit": 5, "separator": "#"}, "ab#kl"),
    ],
)
def test_long_texts_are_shortened(options: dict[str, Any], short: str) -> None:
    assert shorten("abcdefghijkl", **options) == short


def test_so_are_long_values() -> None:
    assert repr_shorten([1] * 5, limit=8) == "[1, ..., 1]"
    with pytest.raises(ValueError, match=r"limit must be greater than or equal to 2\."):
        repr_shorten("a", limit=1)
