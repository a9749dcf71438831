"""JavaScript errors as Python exceptions."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from flarelocal.javascript.errors import Thrown, dom_exception, type_error
from flarelocal.javascript.values import null
from flarelocal.pyodide import profile
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import JsProxy


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


def test_its_argument_is_the_error() -> None:
    thrown = JsException._of_error(type_error("bad"))
    [argument] = thrown.args
    assert isinstance(argument, JsProxy)
    assert not isinstance(argument, Exception)
    assert (argument.name, argument.message, str(argument)) == (
        "TypeError",
        "bad",
        "TypeError: bad",
    )
    assert argument == thrown
    assert argument.constructor.name == "TypeError"


def test_the_stack_is_what_python_code_says() -> None:
    assert JsException("Error", "bad").stack == ""
    assert JsException("Error", "bad", "at the desk").stack == "at the desk"


@pytest.mark.parametrize(
    ("version", "kind", "keys"), [("314", "RangeError", []), ("0.28", "Error", ["name"])]
)
def test_older_versions_name_an_error_that_is_only_an_error(
    version: str, kind: str, keys: list[str]
) -> None:
    profile.use(profile.PROFILES[version])
    made: Any = JsException("RangeError", "far")
    assert (made.name, made.constructor.name, list(made.object_keys())) == (
        "RangeError",
        kind,
        keys,
    )


@pytest.mark.parametrize(
    ("thrown", "text"),
    [
        ("text", "text"),
        (5, "A value of type number with tag [object Number] was thrown as an error!"),
        (null, "A value of type object with tag [object Null] was thrown as an error!"),
        ([], "A value of type object with tag [object Array] was thrown as an error!"),
    ],
)
def test_a_thrown_value_that_is_no_error_is_told_by_its_tag(thrown: Any, text: str) -> None:
    assert JsException._of_error(Thrown(thrown)).message == text


def test_an_error_of_the_platform_has_a_code() -> None:
    made: Any = JsException._of_error(dom_exception("bad", "AbortError"))
    assert made.code == 20


def test_a_program_may_change_an_error() -> None:
    error: Any = JsException("TypeError", "wrong")
    error.name, error.message, error.stack, error.cause = "Other", "new", "here", 5
    assert (str(error), error.stack, error.cause) == ("Other: new", "here", 5)
    assert list(error.object_keys()) == ["name", "cause"]
