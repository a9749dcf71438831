"""Primitives as objects."""

from __future__ import annotations

import pytest

from flarelocal.javascript.values import Boxed
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.sequence import JsArray


@pytest.mark.parametrize(("version", "is_array"), [("0.28", False), ("314", True)])
def test_a_text_gives_its_characters(version: str, is_array: bool) -> None:
    profile.use(profile.PROFILES[version])
    text = to_python(Boxed("né"))
    assert isinstance(text, JsIterable)
    assert isinstance(text, JsArray) is is_array
    assert (list(text), len(text), str(text), text.length) == (["n", "é"], 2, "né", 2)


def test_nothing_else_does() -> None:
    assert not isinstance(to_python(Boxed(5)), JsIterable)


def test_a_text_has_places() -> None:
    text = to_python(Boxed("né"))
    assert (text[0], text[-1]) == ("n", "é")
    with pytest.raises(TypeError, match="list indices must be integers or slices, not str"):
        text["0"]
