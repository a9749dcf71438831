"""Maps, objects and what is like them as Python mappings."""

from __future__ import annotations

from collections.abc import KeysView, MutableMapping
from typing import Any

import pytest

from flarelocal.javascript.collections import Map
from flarelocal.javascript.date import Date
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.url_search_params import URLSearchParams
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException


def of(**items: Any) -> Any:
    return to_python(Map.of(items.items()))


def test_views_of_a_map() -> None:
    found = of(a=1, b=2)
    assert isinstance(found, MutableMapping)
    assert isinstance(found.keys(), KeysView)
    assert repr(found.keys()) == "KeysView([object Map])"
    assert list(found.items()) == [("a", 1), ("b", 2)]
    assert list(found.values()) == [1, 2]


def test_changes_of_a_map() -> None:
    found = of(a=1, b=2)
    assert found.popitem() == ("a", 1)
    found.update([("c", 3)], d=4)
    assert (found.pop("zz", "none"), found.setdefault("e", 5)) == ("none", 5)
    assert dict(found) == {"b": 2, "c": 3, "d": 4, "e": 5}
    found.clear()
    assert len(found) == 0


def test_query_parameters_are_a_mapping() -> None:
    query = to_python(URLSearchParams("a=1&b=2"))
    assert dict(query) == {"a": "1", "b": "2"}
    query["c"] = "3"
    assert list(query) == ["a", "b", "c"]


def test_items_of_headers_can_be_set() -> None:
    headers = to_python(Headers({"a": "1"}))
    headers["b"] = "2"
    assert headers["b"] == "2"
    with pytest.raises(KeyError):
        del headers["b"]
    assert "b" not in headers


def test_an_object_as_mapping() -> None:
    value = {"a": {"b": 1}, "n": 2}
    found = to_python(value).as_object_map()
    assert list(found) == ["a", "n"]
    assert found["a"].b == 1
    assert found.n == 2
    with pytest.raises(TypeError, match="Can only assign keys of type string"):
        found[1] = 2
    assert 1 not in found
    del found["n"]
    assert value == {"a": {"b": 1}}
    assert to_python(value).as_object_map(hereditary=True)["a"]["b"] == 1


def test_any_object_has_a_mapping_of_its_properties() -> None:
    assert dict(to_python(Date(0)).as_object_map()) == {}
    assert not hasattr(to_python([1]), "as_object_map")


def test_json_is_a_mapping_all_the_way_down() -> None:
    found = to_python({"a": [{"b": [1, {"c": 2}]}]}).as_py_json()
    assert found["a"][0]["b"][1]["c"] == 2
    assert [member["b"][0] for member in found["a"]] == [1]
    assert found["a"][0:1][0]["b"][0] == 1


def test_what_is_not_there_is_deleted_silently() -> None:
    value = to_python({"a": 1})
    del value.zz
    del value.a
    assert not hasattr(value, "a")


def test_objects_are_compared_as_javascript_does() -> None:
    early, late = to_python(Date(0)), to_python(Date(1))
    assert early < late
    assert early <= late
    assert not early > late
    assert to_python(["b"]) > to_python(["a"])
    assert not to_python({}) < to_python({})
    with pytest.raises(TypeError, match="not supported between"):
        assert early < 5


def test_every_object_has_the_methods_of_objects() -> None:
    assert to_python({"a": 1}).hasOwnProperty("a")
    assert to_python(Map()).toString() == "[object Map]"


def test_a_weak_map_can_be_looked_up_but_not_gone_over() -> None:
    js: Any = to_python(GlobalScope())
    key = js.Object.new()
    weak = js.WeakMap.new()
    weak.set(key, 1)
    assert weak[key] == 1
    with pytest.raises(KeyError):
        weak[js.Object.new()]
    with pytest.raises(TypeError, match="is not iterable"):
        list(weak)


def test_no_mapping_is_gone_over_backwards() -> None:
    with pytest.raises(TypeError, match="not reversible"):
        reversed(to_python(GlobalScope()).Map.new())


def test_a_parameter_is_there_if_it_was_given() -> None:
    parameters = to_python(GlobalScope()).URLSearchParams.new("a=1")
    assert ("a" in parameters, "b" in parameters) == (True, False)


def test_values_are_grouped() -> None:
    js: Any = to_python(GlobalScope())
    groups = js.Object.groupBy([1, 2, 3], lambda number, _: "odd" if number % 2 else "even")
    assert groups.to_py() == {"odd": [1, 3], "even": [2]}


def test_a_proxy_that_is_no_more_counts_as_missing() -> None:
    js: Any = to_python(GlobalScope())
    found = js.Map.new()
    found.set("list", [1])
    assert (found.get("list"), found.get("list", 5), "list" in found) == (None, 5, True)
    with pytest.raises(JsException, match="automatically destroyed"):
        found["list"]
    assert found.setdefault("list", 3) == 3


def test_attributes_of_an_object_as_mapping_are_its_properties() -> None:
    found = to_python({"a": 1}).as_object_map()
    found.b = 2
    del found.a
    assert dict(found) == {"b": 2}
