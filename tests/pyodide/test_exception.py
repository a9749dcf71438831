"""JavaScript errors as Python exceptions."""

from __future__ import annotations

import copy

import pytest

from flarelocal.javascript.errors import type_error
from flarelocal.pyodide.exception import JsException


def test_python_code_makes_one_of_name_and_message() -> None:
    made = JsException("TypeError", "bad")
    assert (made.name, made.message, str(made)) == ("TypeError", "bad", "TypeError: bad")
    assert str(JsException("only")) == "only"


def test_a_copy_has_name_and_message() -> None:
    thrown = JsException._of_error(type_error("bad"))
    made = copy.copy(thrown)
    assert made is not thrown
    assert (type(made), made.name, made.message) == (JsException, "TypeError", "bad")


def test_it_has_no_hash() -> None:
    with pytest.raises(TypeError, match=r"unhashable type: 'pyodide.ffi.JsException'"):
        hash(JsException("Error"))
