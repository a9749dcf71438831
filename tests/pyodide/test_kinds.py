"""The classes of `pyodide.ffi` as type hints."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.iteration import JsGenerator
from flarelocal.pyodide.kinds import JsFetchResponse, JsOnceCallable, JsWeakRef
from flarelocal.pyodide.promise import JsPromise
from flarelocal.pyodide.properties import JsMap
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.sequence import JsArray

promise: Any = JsPromise
array: Any = JsArray


def test_a_hint_says_what_is_in_it() -> None:
    hint = promise[array[int]]
    assert repr(hint) == "pyodide.ffi.JsPromise[pyodide.ffi.JsArray[int]]"
    assert typing.get_origin(hint) is JsPromise
    assert typing.get_args(hint) == (array[int],)


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (JsPromise, (int, str), "Too many arguments for .*JsPromise'>; actual 2, expected 1"),
        (JsMap, int, "Too few arguments for .*JsMap'>; actual 1, expected 2"),
        (JsGenerator, (int, str), "Too few arguments for .*JsGenerator'>; actual 2, expected 3"),
        (JsProxy, int, "type 'JsProxy' is not subscriptable"),
    ],
)
def test_it_has_as_many_parameters_as_the_class(kind: Any, given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        kind[given]


def test_none_is_instantiated() -> None:
    with pytest.raises(TypeError, match=r"JsArray cannot be instantiated\."):
        JsArray()


def test_some_kinds_tell_nothing() -> None:
    plain: Any = to_python({})
    assert isinstance(plain, JsFetchResponse)
    assert isinstance(plain.to_weakref(), JsWeakRef)
    assert plain.to_weakref().deref() == plain
    assert not isinstance(plain, JsOnceCallable)
    assert not isinstance(5, JsFetchResponse)
