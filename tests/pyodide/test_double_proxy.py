"""What `create_proxy` and `create_once_callable` give."""

from __future__ import annotations

import types
from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.double_proxy import JsDoubleProxy, create_once_callable, create_proxy
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.properties import JsMap, JsMutableMap
from flarelocal.pyodide.sequence import JsArray


@pytest.fixture
def older() -> None:
    profile.use(profile.PROFILES["0.28"])


def kinds(value: Any) -> set[type]:
    made = create_proxy(value)
    return {kind for kind in (JsArray, JsMap, JsMutableMap, JsIterable) if isinstance(made, kind)}


def test_the_kinds_are_those_of_the_object() -> None:
    assert kinds({"a": 1}) == {JsArray, JsMap, JsMutableMap, JsIterable}
    assert kinds((1,)) == {JsArray, JsMap, JsIterable}
    assert kinds({1}) == {JsArray, JsIterable}
    assert kinds(5) == set()


@pytest.mark.usefixtures("older")
def test_what_has_a_length_is_no_array_in_older_versions() -> None:
    assert kinds([1]) == {JsMap, JsMutableMap, JsIterable}
    made: Any = create_proxy({"a": 1})
    made["b"] = 2
    assert (made["b"], len(made), "a" in made) == (2, 2, True)
    with pytest.raises(KeyError):
        made["zz"]


def test_a_list_is_iterated_by_its_places() -> None:
    made: Any = create_proxy([5, 6])
    assert (list(made), made[1], len(made), 5 in made) == ([0, 1], 6, 2, True)
    with pytest.raises(IndexError):
        made[9]


def test_the_keys_of_a_dict_are_no_iterator() -> None:
    made: Any = create_proxy({"a": 1})
    with pytest.raises(TypeError, match="iter\\(\\) returned non-iterator of type 'dict_keys'"):
        iter(made)


def test_a_proxy_is_true_even_if_its_object_is_not() -> None:
    assert create_proxy([])


def test_attributes_of_the_object() -> None:
    made = create_proxy(types.SimpleNamespace(x=1))
    made.x = 5
    assert (made.x, made.unwrap().x) == (5, 5)
    assert create_proxy("abc").length == 3
    assert create_proxy([1]).toString() == "[1]"


def test_javascript_gives_the_proxy_back() -> None:
    made = create_proxy([1])
    (back,) = to_python([made._value])
    assert isinstance(back, JsDoubleProxy)
    assert back == made
    (back,) = to_python([create_proxy([1], roundtrip=False)._value])
    assert back == [1]


def test_keyword_arguments_become_an_object() -> None:
    made: Any = create_proxy(lambda *arguments: arguments)
    first, options = made(1, b=2)
    assert (first, options.b) == (1, 2)


def test_a_function_that_can_be_called_once() -> None:
    made = create_once_callable(lambda *arguments: len(arguments))
    assert not isinstance(made, JsDoubleProxy)
    assert (made.name, made.constructor.name) == ("wrapper", "Function")
    assert made(1, 2) == 2
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        made()


def test_a_function_that_was_destroyed_before_its_call() -> None:
    made = create_once_callable(lambda: 1)
    made.destroy()
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        made()


def test_javascript_sees_what_is_in_a_dict() -> None:
    js: Any = to_python(GlobalScope())
    given = {"a": 1, 2: {"b": 3}, None: 4, "get": 5}
    assert js.Object.keys(given).to_py() == ["a", "2"]
    assert js.Object.assign(js.Object.new(), given).a == 1
    assert js.Object.hasOwn(given, "a")
    assert js.Reflect.set(given, "c", 6)
    assert js.Reflect.deleteProperty(given, "a")
    assert given == {2: {"b": 3}, None: 4, "get": 5, "c": 6}
    assert js.Reflect.get(given, "c") == 6


@pytest.mark.parametrize("nothing", [[1], (1,), {1}, types.SimpleNamespace(a=1)])
def test_but_nothing_in_anything_else(nothing: Any) -> None:
    assert len(to_python(GlobalScope()).Object.keys(nothing)) == 0


def test_an_array_is_made_of_a_list_while_its_proxies_live() -> None:
    js: Any = to_python(GlobalScope())
    assert js.Array.from_([[1], [2, 3]], lambda member, _: len(member)).to_py() == [1, 2]
    assert js.Object.fromEntries([["a", [1]]]).a == [1]
    assert js.Map.new([["a", [1]]]).get("a") == [1]
    with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
        js.Array.from_([[1]])[0]
