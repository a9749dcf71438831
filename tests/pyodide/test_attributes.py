"""Objects whose properties cannot be changed, removed, added or seen."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from flarelocal.javascript import attributes
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.double_proxy import create_proxy
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.modules import GlobalProxy
from flarelocal.pyodide.to_js import to_js


@pytest.fixture
def js() -> Any:
    return GlobalProxy._of(GlobalScope())


def plain(js: Any, **properties: Any) -> Any:
    return to_js(properties, dict_converter=js.Object.fromEntries)


def refuses(text: str) -> Any:
    return pytest.raises(JsException, match=f"^TypeError: {text}$")


def test_a_frozen_object_stays_as_it_is(js: Any) -> None:
    made = js.Object.freeze(plain(js, a=1))
    with refuses("Cannot assign to read only property 'a' of object '#<Object>'"):
        made.a = 2
    with refuses("Cannot add property b, object is not extensible"):
        made.b = 2
    with refuses("Cannot delete property 'a' of #<Object>"):
        del made.a
    del made.nothing
    assert made.to_py() == {"a": 1}
    assert js.Object.isFrozen(made)
    assert not js.Reflect.set(made, "a", 2)
    assert not js.Reflect.deleteProperty(made, "a")


def test_a_sealed_object_keeps_its_properties(js: Any) -> None:
    made = js.Object.seal(plain(js, a=1))
    made.a = 2
    assert made.a == 2
    with refuses("Cannot delete property 'a' of #<Object>"):
        del made.a
    assert (js.Object.isSealed(made), js.Object.isFrozen(made)) == (True, False)


def test_an_object_can_be_kept_from_growing(js: Any) -> None:
    made = js.Object.preventExtensions(plain(js, a=1))
    with refuses("Cannot add property b, object is not extensible"):
        made.b = 1
    assert not js.Object.isFrozen(made)
    del made.a
    assert js.Object.isFrozen(made)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda a: a.append(3), "Cannot add property 2, object is not extensible"),
        (lambda a: a.push(3), "Cannot add property 2, object is not extensible"),
        (lambda a: a.unshift(0, 0), "Cannot add property 3, object is not extensible"),
        (lambda a: a.__setitem__(1, 0), "Cannot assign to read only property '1' of object"),
        (lambda a: a.sort(), "Cannot assign to read only property '0' of object"),
        (lambda a: a.shift(), "Cannot assign to read only property '0' of object"),
        (lambda a: a.pop(), r"Cannot delete property '1' of \[object Array\]"),
        (lambda a: setattr(a, "length", 0), "Cannot assign to read only property 'length' of"),
    ],
)
def test_a_frozen_array_refuses_each_change(js: Any, change: Any, text: str) -> None:
    made = js.Object.freeze(js.Array.of(1, 2))
    with pytest.raises(JsException, match=f"^TypeError: {text}"):
        change(made)
    assert list(made) == [1, 2]


def test_a_typed_array_with_elements_cannot_be_frozen(js: Any) -> None:
    with refuses("Cannot freeze array buffer views with elements"):
        js.Object.freeze(js.Uint8Array.new(1))
    assert js.Object.isFrozen(js.Object.freeze(js.Uint8Array.new(0)))


def test_a_property_can_be_hidden(js: Any) -> None:
    made = js.Object.defineProperty(plain(js, a=1), "b", plain(js, value=2, configurable=True))
    assert made.b == 2
    assert "b" in dir(made)
    assert made.to_py() == {"a": 1}
    assert js.JSON.stringify(made) == '{"a":1}'
    assert list(js.Object.keys(made)) == list(made.object_keys()) == ["a"]
    assert list(js.Object.getOwnPropertyNames(made)) == ["a", "b"]
    assert js.structuredClone(made).to_py() == {"a": 1}
    assert js.Object.hasOwn(made, "b")
    with refuses("Cannot assign to read only property 'b' of object '#<Object>'"):
        made.b = 3
    del made.b
    assert not hasattr(made, "b")


def test_functions_can_stand_for_a_property(js: Any) -> None:
    written: list[int] = []
    made = js.Object.defineProperty(
        plain(js),
        "a",
        plain(js, get=create_proxy(lambda: 5), set=create_proxy(written.append), enumerable=True),
    )
    made.a = 9
    assert (made.a, written) == (5, [9])
    assert made.to_py() == js.structuredClone(made).to_py() == {"a": 5}
    assert js.JSON.stringify(made) == '{"a":5}'
    assert js.Object.create(made).a == 5


def test_what_has_only_a_getter_cannot_be_written(js: Any) -> None:
    made = js.Object.defineProperty(plain(js), "a", plain(js, get=create_proxy(lambda: 5)))
    with refuses("Cannot set property a of #<Object> which has only a getter"):
        made.a = 1


def test_what_is_not_configurable_cannot_be_defined_anew(js: Any) -> None:
    made = js.Object.defineProperty(plain(js), "a", plain(js, value=1))
    js.Object.defineProperty(made, "a", plain(js, value=1))
    with refuses("Cannot redefine property: a"):
        js.Object.defineProperty(made, "a", plain(js, value=2))
    assert not js.Reflect.defineProperty(made, "a", plain(js, value=2))
    js.Object.freeze(made)
    with refuses("Cannot define property b, object is not extensible"):
        js.Object.defineProperty(made, "b", plain(js, value=2))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"get": 5}, "Getter must be a function: 5"),
        ({"set": 5}, "Setter must be a function: 5"),
        (
            {"get": None, "value": 1},
            "Invalid property descriptor. Cannot both specify accessors and .*, #<Object>",
        ),
    ],
)
def test_a_descriptor_must_make_sense(js: Any, fields: dict[str, Any], text: str) -> None:
    with refuses(text):
        js.Object.defineProperty(plain(js), "a", plain(js, **fields))


def test_symbols_name_properties(js: Any) -> None:
    made, symbol = plain(js, a=1), js.Symbol("s")
    assert js.Reflect.set(made, symbol, 5)
    assert js.Reflect.get(made, symbol) == 5
    assert js.Reflect.has(made, symbol)
    assert js.Object.getOwnPropertySymbols(made)[0] == symbol
    assert len(js.Reflect.ownKeys(made)) == 2
    assert list(js.Object.keys(made)) == ["a"]
    assert js.Reflect.get(js.Object.assign(plain(js), made), symbol) == 5
    assert js.Reflect.deleteProperty(made, symbol)
    assert not js.Reflect.has(made, symbol)


def test_what_inherits_a_property_that_cannot_be_written_cannot_write_it(js: Any) -> None:
    heir = js.Object.create(js.Object.freeze(plain(js, a=1)))
    with refuses("Cannot assign to read only property 'a' of object '#<Object>'"):
        heir.a = 2


def test_a_prototype_can_get_a_property(js: Any) -> None:
    js.Array.prototype.extra = 5
    assert js.Array.of(1).extra == 5
    del js.Array.prototype.extra
    assert not hasattr(js.Array.of(1), "extra")


def test_an_array_can_have_further_properties(js: Any) -> None:
    made = js.Array.of(1)
    made.extra = 5
    assert list(js.Object.keys(made)) == ["0", "extra"]
    assert js.JSON.stringify(made) == "[1]"
    del made.extra
    assert not hasattr(made, "extra")


def test_constants_are_constant(js: Any) -> None:
    with refuses("Cannot assign to read only property 'PI' of object '#<Object>'"):
        js.Math.PI = 3
    with refuses("Cannot assign to read only property 'NaN' of object '#<.*>'"):
        js.NaN = 3


@pytest.mark.parametrize("others_are_frozen", [False, True])
def test_a_program_can_replace_what_the_runtime_has(js: Any, others_are_frozen: bool) -> None:
    if others_are_frozen:
        js.Object.freeze(plain(js))
    js.fetch = js.Response = js.Math.random = js.console.log = js.Array.of = 5
    assert js.fetch == js.Response == js.Math.random == js.console.log == js.Array.of == 5
    del js.Array.of
    response = js.Request.new("https://a.b/")
    response.text = response.extra = 5
    assert (response.text, response.extra) == (5, 5)
    error = js.Error.new("m")
    error.stack = error.message = "other"
    assert (error.stack, error.message) == ("other", "other")
    expression = js.RegExp.new("a", "g")
    expression.lastIndex = 3
    assert expression.lastIndex == 3


def test_what_is_said_of_an_object_goes_with_it(js: Any) -> None:
    before = len(attributes.NOTED)
    for _ in range(3 * attributes._FIRST_SWEEP):
        js.Object.freeze(plain(js, a=1))
    gc.collect()
    assert len(attributes.NOTED) <= before + attributes._FIRST_SWEEP
