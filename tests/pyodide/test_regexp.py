"""Regular expressions of JavaScript, in Python's hands."""

from __future__ import annotations

from typing import Any

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python


def test_a_match_is_an_array_with_properties() -> None:
    kind: Any = to_python(GlobalScope().lookup("RegExp"))
    expression = kind.new("(?<n>a+)", "g")
    found = expression.exec("xaab")
    assert list(found) == ["aa", "aa"]
    assert found.input == "xaab"
    assert found.groups.n == "aa"
    assert found.to_py() == ["aa", "aa"]
    assert expression.lastIndex == 3
    expression.lastIndex = 0
    assert expression.test("a")
