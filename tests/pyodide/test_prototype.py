"""Prototypes as Python code sees them."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.modules import GlobalProxy
from flarelocal.pyodide.to_js import to_js


@pytest.fixture
def js() -> Any:
    return GlobalProxy._of(GlobalScope())


def plain(js: Any, **properties: Any) -> Any:
    return to_js(properties, dict_converter=js.Object.fromEntries)


def test_each_class_has_one(js: Any) -> None:
    assert js.Map.prototype == js.Map.prototype
    assert js.Map.prototype.constructor == js.Map
    assert str(js.Map.prototype) == "[object Map]"
    assert js.Object.getPrototypeOf(js.Map.new()) == js.Map.prototype
    assert js.Object.getPrototypeOf(plain(js)) == js.Object.prototype


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("Map", "Object"),
        ("File", "Blob"),
        ("TypeError", "Error"),
        ("Response", "Body"),
        ("AbortSignal", "EventTarget"),
        ("Uint8Array", "Object"),
    ],
)
def test_classes_extend_classes(js: Any, name: str, above: str) -> None:
    parent = js.Object.getPrototypeOf(getattr(js, name).prototype)
    assert parent == getattr(js, above).prototype


def test_the_last_one_is_that_of_objects(js: Any) -> None:
    assert not js.Object.getPrototypeOf(js.Object.prototype)


def test_its_methods_are_called_on_other_objects(js: Any) -> None:
    array = to_js([1, 2, 3])
    assert js.Array.prototype.slice.call(array, 1).to_py() == [2, 3]
    assert js.Array.prototype.map.call("ab", lambda text, *_: text * 2).to_py() == ["aa", "bb"]
    assert js.Object.prototype.toString.call(array) == "[object Array]"
    assert js.Object.prototype.toString.call(js.Date.new(0)) == "[object Date]"
    assert js.Object.prototype.toString.call(js.JSON) == "[object JSON]"
    assert js.Object.prototype.hasOwnProperty.call(plain(js, a=1), "a")
    assert js.Reflect.apply(js.Array.prototype.push, array, to_js([4])) == 4
    assert array.to_py() == [1, 2, 3, 4]


def test_a_method_takes_the_object_that_it_is_called_with(js: Any) -> None:
    one, other = js.Set.new(), js.Set.new(to_js(["a"]))
    assert one.has.call(other, "a")
    assert one.has.bind(other)("a")
    assert not one.has("a")


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("Map.get", "Method Map.prototype.get called on incompatible receiver #<Object>"),
        ("Headers.get", "Illegal invocation: function called with incorrect `this` reference."),
    ],
)
def test_but_not_on_any_object(js: Any, method: str, message: str) -> None:
    kind, _, name = method.partition(".")
    prototype = getattr(js, kind).prototype
    with pytest.raises(JsException) as raised:
        getattr(prototype, name).call(plain(js), "a")
    assert raised.value.message.startswith(message)
    with pytest.raises(JsException, match="TypeError"):
        getattr(prototype, name)("a")


def test_its_getters_need_an_object(js: Any) -> None:
    with pytest.raises(JsException, match=r"Method get Map\.prototype\.size called on incompat"):
        _ = js.Map.prototype.size


def test_its_members_are_those_of_the_class_itself(js: Any) -> None:
    names = js.Object.getOwnPropertyNames(js.File.prototype).to_py()
    assert "name" in names
    assert "size" not in names
    assert names[0] == "constructor"


def test_an_object_is_made_of_any_other(js: Any) -> None:
    base = plain(js, a=1)
    heir = js.Object.create(base)
    heir.b = 2
    assert (heir.a, heir.b) == (1, 2)
    assert js.JSON.stringify(heir) == '{"b":2}'
    assert js.Object.getPrototypeOf(heir) == base
    assert base.isPrototypeOf(heir)
    assert heir.constructor == js.Object
    assert not hasattr(heir, "c")
    del heir.b
    assert not hasattr(heir, "b")


def test_an_heir_has_the_methods_of_a_class_and_cannot_use_them(js: Any) -> None:
    heir = js.Object.create(js.Map.prototype)
    assert heir.constructor == js.Map
    assert str(heir) == "[object Map]"
    with pytest.raises(JsException, match=r"#<Map>"):
        heir.get("a")


def test_an_heir_changes_its_prototype(js: Any) -> None:
    heir = js.Object.create(plain(js, a=1))
    js.Object.setPrototypeOf(heir, plain(js, a=2))
    assert heir.a == 2
    with pytest.raises(JsException, match="Cyclic __proto__ value"):
        js.Object.setPrototypeOf(heir, js.Object.create(heir))


def test_so_do_other_objects(js: Any) -> None:
    made = js.Object.setPrototypeOf(js.Map.new(), js.Set.prototype)
    assert js.Object.getPrototypeOf(made) == js.Set.prototype


def test_only_objects_are_prototypes(js: Any) -> None:
    with pytest.raises(JsException, match="Object prototype may only be an Object or null: 1"):
        js.Object.create(1)


def test_a_property_is_described(js: Any) -> None:
    found = js.Object.getOwnPropertyDescriptor(plain(js, a=1), "a").to_py()
    assert found == {"value": 1, "writable": True, "enumerable": True, "configurable": True}
    getter = js.Object.getOwnPropertyDescriptor(js.URL.prototype, "href").to_py()
    url = js.URL.new("https://a.b/")
    assert getter["get"].call(url) == "https://a.b/"
    getter["set"].call(url, "https://c.d/")
    assert url.href == "https://c.d/"
    assert js.Object.getOwnPropertyDescriptor(plain(js), "a") is None


def test_a_property_must_be_described_by_an_object(js: Any) -> None:
    with pytest.raises(JsException, match="Property description must be an object: 1"):
        js.Object.defineProperty(plain(js), "b", 1)


def test_reflect_sees_what_is_inherited(js: Any) -> None:
    answer = js.Response.new("x")
    assert js.Reflect.has(answer, "status")
    assert js.Reflect.get(answer, "status") == 200
    assert js.Reflect.getPrototypeOf(answer) == js.Response.prototype
    assert not js.Object.hasOwn(answer, "status")
    assert js.Reflect.get(js.Response, "prototype") == js.Response.prototype
