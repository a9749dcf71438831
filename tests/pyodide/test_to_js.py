"""`to_js` and `to_py`: how whole structures cross."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.builtins.object import ObjectType
from flarelocal.javascript.collections import LiteralMap, Map, Set
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value, null
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import ConversionError, JsException
from flarelocal.pyodide.proxy import js_value
from flarelocal.pyodide.pyproxy import PyProxy
from flarelocal.pyodide.to_js import to_js
from flarelocal.pyodide.to_py import to_py


def converted(obj: Any, **options: Any) -> Value:
    return js_value(to_js(obj, **options))


@pytest.fixture
def from_entries() -> Any:
    return to_python(constructor_of_class(ObjectType)).fromEntries


class Unknown:
    """Nothing that JavaScript knows."""


def test_a_dict_within_itself_becomes_an_object_within_itself() -> None:
    circle: dict[str, Any] = {"a": 1}
    circle["self"] = circle
    made = converted(circle)
    assert made["self"] is made


def test_a_dict_within_itself_becomes_a_map_within_itself_in_older_versions() -> None:
    profile.use(profile.PROFILES["0.28"])
    circle: dict[str, Any] = {"a": 1}
    circle["self"] = circle
    made = converted(circle)
    assert isinstance(made, LiteralMap)
    assert made.get("self") is made


def test_the_oldest_version_makes_a_map_of_a_dict() -> None:
    profile.use(profile.PROFILES["0.26"])
    assert type(converted({"a": 1})) is Map


def test_a_dict_converter_never_sees_a_dict_within_itself(from_entries: Any) -> None:
    circle: dict[str, Any] = {"a": 1}
    circle["self"] = circle
    assert converted(circle, dict_converter=from_entries) == {"a": 1}


def test_a_list_of_the_dict_that_holds_it() -> None:
    circle: dict[str, Any] = {"list": [1]}
    circle["list"].append(circle)
    made = converted(circle)
    assert made["list"] == [1, made]


@pytest.mark.parametrize("key", ["constructor", "toString", "__proto__"])
def test_a_key_that_every_object_has_is_refused(key: str) -> None:
    with pytest.raises(ConversionError, match=f"Key collision .* Key: '{key}'"):
        to_js({key: 1})


def test_keys_of_the_same_text_are_refused() -> None:
    with pytest.raises(ConversionError, match=r"Key collision .* Key: '1'"):
        to_js({1: "a", "1": "b"})


def test_a_set_takes_primitives_only() -> None:
    assert isinstance(converted({1}), Set)
    with pytest.raises(ConversionError, match=r"Cannot use \(1,\) as a key for a Javascript Set"):
        to_js({(1,)})


def test_null_is_a_key() -> None:
    assert converted({null: 1}) == {"null": 1}


def test_what_is_deeper_than_asked_goes_to_the_default_converter() -> None:
    made = converted([[1]], depth=1, default_converter=lambda value, convert, cache: "deep")
    assert made == ["deep"]


def test_what_a_converter_gives_may_be_of_python() -> None:
    (made,) = converted([Unknown()], default_converter=lambda value, convert, cache: {"a": 1})
    assert isinstance(made, PyProxy)
    assert made.object == {"a": 1}


def test_all_proxies_that_were_made_are_told() -> None:
    proxies = to_js([])
    to_js([Unknown()], pyproxies=proxies)
    to_js([Unknown()], pyproxies=proxies, default_converter=lambda value, convert, cache: value)
    assert len(proxies) == 2


def test_a_converter_that_fails_is_the_cause_of_the_error() -> None:
    def fail(value: Any, convert: Any, cache: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ConversionError, match="Conversion from python to javascript failed") as got:
        to_js([Unknown()], default_converter=fail)
    assert isinstance(got.value.__cause__, ZeroDivisionError)


def test_an_eager_converter_may_ask_for_the_usual_conversion() -> None:
    seen: list[Any] = []

    def eager(value: Any, convert: Any, cache: Any) -> Any:
        seen.append(value)
        return convert(value)

    assert converted([[1], {"a": 2}], eager_converter=eager) == [[1], {"a": 2}]
    assert seen == [[[1], {"a": 2}], [1], {"a": 2}]


def test_a_text_of_a_subclass_stays_what_it_is() -> None:
    class Name(str):
        __slots__ = ()

    name = Name("x")
    assert to_js(name) is name


def test_a_map_with_a_key_that_python_cannot_have() -> None:
    with pytest.raises(JsException, match="Cannot use key of type Array as a key to a Python dict"):
        to_py(Map.of([([], 1)]))
    with pytest.raises(JsException, match="Cannot use key of type Array as a key to a Python set"):
        to_py(Set([[]]))


@pytest.mark.parametrize(("number", "name"), [(1, "true"), (0, "false")])
def test_keys_that_are_equal_in_python(number: int, name: str) -> None:
    with pytest.raises(JsException, match=f"contains both {number} and {name} as keys"):
        to_py(Set([number, bool(number)]))


def test_a_buffer_becomes_memory_of_its_own() -> None:
    buffer = ArrayBuffer(2)
    seen = to_py(buffer)
    seen[0] = 7
    assert bytes(buffer.data) == b"\0\0"


def test_a_literal_map_calls_itself_a_map() -> None:
    profile.use(profile.PROFILES["0.28"])
    made: Any = to_js({"a": 1})
    assert (str(made), made.constructor.name) == ("[object Map]", "LiteralMap")


def test_options_of_other_types_are_refused() -> None:
    convert: Any = to_js
    with pytest.raises(TypeError, match="'float' object cannot be interpreted as an integer"):
        convert([1], depth=1.5)
    others: tuple[Any, ...] = (None, [], 5)
    for proxies in others:
        with pytest.raises(TypeError, match="Expected a JsArray for the pyproxies argument"):
            to_js([1], pyproxies=proxies)
