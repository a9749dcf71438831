"""`JSON.stringify` and `JSON.parse`, in V8's words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flarelocal.javascript import json
from flarelocal.javascript.binary import ArrayBuffer, Uint8Array
from flarelocal.javascript.collections import LiteralMap, Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.values import BigInt, Boxed, Symbol, hole, null


class Opaque(Foreign):
    def description(self) -> str:
        return "[object Object]"


def function() -> None: ...


async def test_a_promise_is_an_empty_object() -> None:
    async def promise() -> None: ...

    pending = promise()
    assert json.stringify(pending) == "{}"
    await pending


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": 1, "b": [True, null, "x"]}, '{"a":1,"b":[true,null,"x"]}'),
        ({"10": 1, "b": 2, "9": 3}, '{"9":3,"10":1,"b":2}'),
        ({"u": None, "f": function, "s": Symbol("x")}, "{}"),
        ([None, function, Symbol("x"), hole], "[null,null,null,null]"),
        ([math.nan, math.inf, -math.inf, -0.0], "[null,null,null,0]"),
        ([1e21, 1e20, 1e300], "[1e+21,100000000000000000000,1e+300]"),
        ([1e-6, 1e-7, 1.5e-9], "[0.000001,1e-7,1.5e-9]"),
        (["1e-07", 1e-7], '["1e-07",1e-7]'),
        (1.2345678901234568e20, "123456789012345680000"),
        ("\u2028 \x7f \x1f \t", '"\u2028 \x7f \\u001f \\t"'),
        ("\ud800 😀", '"\\ud800 😀"'),
        (Date(0), '"1970-01-01T00:00:00.000Z"'),
        (Date(math.nan), "null"),
        (Map.of([("a", 1)]), "{}"),
        (Set([1]), "{}"),
        (LiteralMap.of([("a", 1), (2, 3)]), '{"a":1}'),
        (Instance({"a": 1}), '{"a":1}'),
        (Opaque(), "{}"),
        (Boxed(5), "5"),
        (type_error("m"), "{}"),
        (ArrayBuffer(2), "{}"),
        (Uint8Array.of_bytes(b"ab"), '{"0":97,"1":98}'),
    ],
)
def test_a_value_is_written(value: object, text: str) -> None:
    assert json.stringify(value) == text


@pytest.mark.parametrize("value", [None, function, Symbol("x")])
def test_some_values_have_no_json(value: object) -> None:
    assert json.stringify(value) is None


def test_an_object_may_say_how_it_is_written() -> None:
    assert json.stringify({"a": {"toJSON": lambda key: f"for {key}"}}) == '{"a":"for a"}'


def test_a_bigint_is_refused() -> None:
    with pytest.raises(JsError, match="TypeError: Do not know how to serialize a BigInt"):
        json.stringify({"a": [BigInt(1)]})


def test_a_circle_is_refused_and_described() -> None:
    inner: list[object] = []
    value = {"a": {"b": inner}}
    inner.append({"c": value["a"]})
    with pytest.raises(JsError) as caught:
        json.stringify(value)
    assert caught.value.name == "TypeError"
    assert caught.value.message.splitlines() == [
        "Converting circular structure to JSON",
        "    --> starting at object with constructor 'Object'",
        "    |     property 'b' -> object with constructor 'Array'",
        "    |     index 0 -> object with constructor 'Object'",
        "    --- property 'c' closes the circle",
    ]


def test_the_middle_of_a_long_circle_is_left_out() -> None:
    value: dict[str, object] = {}
    value["a"] = [{"b": {"c": {"d": value}}}]
    with pytest.raises(JsError) as caught:
        json.stringify(value)
    assert caught.value.message.splitlines()[2:-1] == [
        "    |     property 'a' -> object with constructor 'Array'",
        "    |     index 0 -> object with constructor 'Object'",
        "    |     ...",
        "    |     property 'c' -> object with constructor 'Object'",
    ]


def test_an_indentation() -> None:
    assert json.stringify({"a": [1, []]}, None, 2) == '{\n  "a": [\n    1,\n    []\n  ]\n}'
    assert json.stringify([1], None, "ab") == "[\nab1\n]"
    assert json.stringify([1], None, 99) == f"[\n{' ' * 10}1\n]"


def test_a_replacer_sees_every_member() -> None:
    def replacer(key: str, value: object) -> object:
        return None if key == "secret" else value * 2 if key == "n" else value  # type: ignore[operator]

    assert json.stringify({"n": 2, "secret": 1, "in": [{"n": 1}]}, replacer) == (
        '{"n":4,"in":[{"n":2}]}'
    )


def test_a_list_of_names_chooses_properties() -> None:
    assert json.stringify({"a": 1, "b": {"a": 2, "c": 3}}, ["b", "a"]) == '{"b":{"a":2},"a":1}'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": null, "b": [1, true]}', {"a": null, "b": [1, True]}),
        ("9007199254740993", 9007199254740992.0),
        ("[1.0, 1e2, 0.5]", [1, 100, 0.5]),
        ("1e400", math.inf),
        ('"\\ud800"', "\ud800"),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_a_text_is_read(text: str, value: object) -> None:
    assert json.parse(text) == value


def test_numbers_are_in_their_normal_form() -> None:
    assert [type(number) for number in json.parse("[1.0, 1e2, 9007199254740993]")] == [
        int,
        int,
        float,
    ]
    assert math.copysign(1, json.parse("-0")) == -1


def test_indices_come_first_among_the_keys() -> None:
    assert list(json.parse('{"b": 1, "10": 2, "9": 3}')) == ["9", "10", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Unexpected end of JSON input"),
        ("[1,", "Unexpected end of JSON input"),
        ("xyz", "Unexpected token 'x', \"xyz\" is not valid JSON"),
        ("undefined", '"undefined" is not valid JSON'),
        ("[object Object]", '"[object Object]" is not valid JSON'),
        ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
        ("{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
        ('{"a"', "Expected ':' after property name in JSON at position 4 (line 1 column 5)"),
        ("{1:2}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
        (
            "[1\n2]",
            "Expected ',' or ']' after array element in JSON at position 3 (line 2 column 1)",
        ),
        ("1 2", "Unexpected non-whitespace character after JSON at position 2 (line 1 column 3)"),
        ('"abc', "Unterminated string in JSON at position 4 (line 1 column 5)"),
        ("01", "Unexpected number in JSON at position 1 (line 1 column 2)"),
        (
            "[1,2,3,4,5,6,7,8,9,x,11,12,13,14,15]",
            "Unexpected token 'x', ...\"5,6,7,8,9,x,11,12,13\"... is not valid JSON",
        ),
    ],
)
def test_what_is_no_json_is_explained(text: str, message: str) -> None:
    with pytest.raises(JsError) as caught:
        json.parse(text)
    assert caught.value.name == "SyntaxError"
    assert caught.value.message == message


values = st.recursive(
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: not n.is_integer())
    | st.text(st.characters(exclude_categories=()))
    | st.just(null),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_what_is_written_is_read_again(value: object) -> None:
    text = json.stringify(value)
    assert text is not None
    assert json.parse(text) == value
