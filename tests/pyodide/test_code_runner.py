"""`pyodide.code`: running Python source."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from flarelocal.pyodide.code_runner import (
    CodeRunner,
    eval_code,
    eval_code_async,
    find_imports,
    run_js,
    should_quiet,
)
from flarelocal.pyodide.exception import JsException


def test_a_block_may_be_all_there_is() -> None:
    space: dict[str, Any] = {}
    eval_code("if True:\n    found = 5", space)
    assert space["found"] == 5
    assert find_imports("if True:\n    import json") == ["json"]


def test_a_mode_is_that_of_compile() -> None:
    with pytest.raises(SyntaxError, match="invalid syntax"):
        CodeRunner("x = 1", mode="eval")
    with pytest.raises(ValueError, match="mode must be 'exec', 'eval', 'single' or 'func_type'"):
        CodeRunner("x = 1", mode="nonsense")


def test_the_value_of_the_last_expression() -> None:
    space: dict[str, Any] = {}
    assert eval_code("def f(): return 5\nf()", space) == 5
    assert set(space) == {"__builtins__", "f"}


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        ("x = 1", {}, None),
        ("x = 1", {"return_mode": "last_expr_or_assign"}, 1),
        ("1", {"return_mode": "none"}, None),
        ("1;", {}, None),
        ("1;", {"quiet_trailing_semicolon": False}, 1),
        ("", {}, None),
    ],
)
def test_what_is_given(source: str, options: dict[str, Any], expected: Any) -> None:
    assert eval_code(source, {}, **options) == expected


def test_names_of_its_own() -> None:
    assert eval_code("x", {"x": 1}, {"x": 2}) == 2


async def test_await_at_the_top_level() -> None:
    async def four() -> int:
        return 4

    assert await eval_code_async("await f()", {"f": four}) == 4


def test_errors_name_the_source() -> None:
    with pytest.raises(SyntaxError, match="<exec>, line 1"):
        eval_code("1 +")
    with pytest.raises(RuntimeError, match="Not yet compiled"):
        CodeRunner("1").run({})
    runner = CodeRunner("1").compile()
    with pytest.raises(RuntimeError, match="Already compiled"):
        runner.compile()


def test_a_mode_that_is_none_gives_nothing() -> None:
    assert eval_code("1", return_mode="all") is None


@pytest.mark.parametrize("source", ["x: int = 5", "x += 1", "y = x"])
def test_what_the_last_statement_assigns(source: str) -> None:
    assert eval_code(source, {"x": 4}, return_mode="last_expr_or_assign") in (4, 5)


def test_names_are_nobody_elses() -> None:
    with pytest.raises(NameError):
        eval_code("pytest")


def test_await_at_the_top_level_is_for_those_who_wait() -> None:
    runner = CodeRunner("await f()", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).compile()
    with pytest.raises(RuntimeError, match="Use run_async for this instead"):
        runner.run({})


def test_code_that_is_compiled_once() -> None:
    runner = CodeRunner("x + 1").compile()
    assert [runner.run({"x": x}) for x in (1, 2)] == [2, 3]


def test_imports_of_source() -> None:
    source = "import a.b, c as d\nfrom e.f import g\nfrom . import h\ndef q():\n  import z"
    assert find_imports(source) == ["a", "a.b", "c", "e", "e.f", "z"]
    assert find_imports("1 +") == []


@pytest.mark.parametrize(
    ("source", "quiet"),
    [("1", False), ("1;", True), ("a; # x", True), ("a=1;\n", True), ("';'", False), ("(", False)],
)
def test_a_semicolon_at_the_end(source: str, *, quiet: bool) -> None:
    assert should_quiet(source) == quiet


def test_javascript_from_text_is_refused() -> None:
    with pytest.raises(JsException, match="EvalError: Code generation from strings disallowed"):
        run_js("1 + 1")
    not_text: Any = 5
    with pytest.raises(TypeError, match="argument should have type 'string' not type 'int'"):
        run_js(not_text)
