from __future__ import annotations

from collections.abc import Iterator

import pytest

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import BigInt, Symbol, Value, null
from flarelocal.javascript.web.console import Console, current_console
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.inspection import format_message


@pytest.fixture
def messages() -> Iterator[list[tuple[str, str]]]:
    written: list[tuple[str, str]] = []
    token = current_console.set(lambda level, text: written.append((level, text)))
    yield written
    current_console.reset(token)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        (None, "undefined"),
        (null, "null"),
        (True, "true"),
        (1e21, "1e+21"),
        (BigInt(5), "5n"),
        (Symbol("s"), "Symbol(s)"),
        (["a", [None]], "[ 'a', [ undefined ] ]"),
        ([], "[]"),
        ({}, "{}"),
        ({"a": 1, "b-c": "it's"}, "{ a: 1, 'b-c': \"it's\" }"),
        ({"a": {"b": {"c": {"d": 1}}}}, "{ a: { b: { c: [Object] } } }"),
        (Map([["a", 1]]), "Map(1) { 'a' => 1 }"),
        (Set(["a"]), "Set(1) { 'a' }"),
        (Date(0), "1970-01-01T00:00:00.000Z"),
        (type_error("no"), "TypeError: no"),
        (len, "[Function: len]"),
        (Uint8Array([1, 2]), "Uint8Array(2) [ 1, 2 ]"),
    ],
)
def test_how_values_are_shown(value: Value, shown: str) -> None:
    assert format_message([value]) == shown


def test_long_objects_are_broken_into_lines() -> None:
    assert format_message([{"a": "x" * 40, "b": "y" * 40}]) == (
        "{\n  a: '" + "x" * 40 + "',\n  b: '" + "y" * 40 + "'\n}"
    )


def test_long_arrays_stand_in_columns() -> None:
    assert format_message([list(range(1, 31, 3))]) == (
        "[\n   1,  4,  7, 10, 13,\n  16, 19, 22, 25, 28\n]"
    )
    assert format_message([["a"] * 101]).endswith("'a',\n  ... 1 more item\n]")


def test_an_object_within_itself() -> None:
    value: dict[str, Value] = {"a": 1}
    value["self"] = value
    assert format_message([value]) == "<ref *1> { a: 1, self: [Circular *1] }"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["%s is %d", "x", 5, "more"], "x is 5 more"),
        (["%i %f", 5.7, "1.5"], "5 1.5"),
        (["%j %o", {"a": 1}, [1]], '{"a":1} [ 1, [length]: 1 ]'),
        (["100%", 5], "100% 5"),
        (["%%s", 5], "%s 5"),
        (["%s"], "%s"),
        (["%cred", "color: red"], "red"),
    ],
)
def test_directives(values: list[Value], text: str) -> None:
    assert format_message(values) == text


def test_levels(messages: list[tuple[str, str]]) -> None:
    console = Console()
    for level in ("log", "info", "debug", "warn", "error"):
        getattr(console, level)(level)
    assert messages == [(level, level) for level in ("log", "info", "debug", "warn", "error")]


def test_groups_indent(messages: list[tuple[str, str]]) -> None:
    console = Console()
    console.group("outer")
    console.log("a\nb")
    console.group_end()
    console.log("after")
    assert [text for _, text in messages] == ["outer", "  a\n  b", "after"]


def test_counts_and_assertions(messages: list[tuple[str, str]]) -> None:
    console = Console()
    console.count()
    console.count()
    check = console.members["assert"].function
    check(console, False, "no")
    check(console, True, "yes")
    assert messages == [
        ("log", "default: 1"),
        ("log", "default: 2"),
        ("error", "Assertion failed: no"),
    ]


def test_without_a_sink_messages_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Console().log("out")
    Console().warn("err")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("out\n", "err\n")


def test_objects_of_the_platform_show_their_properties() -> None:
    assert format_message([Headers({"a": "1"})]) == (
        "Headers(1) { 'a' => '1', [immutable]: false }"
    )


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["%d %i %f", "4.5x", "4.5x", "4.5x"], "NaN 4 4.5"),
        (["%d", BigInt(5)], "5n"),
        (["%s|%s", -0.0, {"a": {"b": 1}}], "-0|{ a: [Object] }"),
        (["%s", Headers()], "[object Headers]"),
        (["%o", ["x"]], "[ 'x', [length]: 1 ]"),
        (["%O", {"a": 1}], "{ a: 1 }"),
        (["%ca", "color: red"], "a"),
        (["100%%", 1], "100% 1"),
        (["100%%"], "100%%"),
        (["%x", 1], "%x 1"),
    ],
)
def test_directives_of_each_kind(values: list[Value], shown: str) -> None:
    assert format_message(values) == shown


def test_what_cannot_be_printed_is_escaped() -> None:
    assert format_message([["\x1b\n\x7f"]]) == "[ '\\x1B\\n\\x7F' ]"


def test_indices_come_first() -> None:
    assert format_message([{"b": 1, "2": 2, "1": -0.0}]) == "{ '1': -0, '2': 2, b: 1 }"


def test_a_table_has_a_row_for_each_member(messages: list[tuple[str, str]]) -> None:
    Console().table([{"a": 1, "b": "x"}, {"a": [2, 3]}, 5])
    assert messages[0][1].split("\n") == [
        "┌─────────┬──────────┬─────┬────────┐",
        "│ (index) │ a        │ b   │ Values │",
        "├─────────┼──────────┼─────┼────────┤",
        "│ 0       │ 1        │ 'x' │        │",
        "│ 1       │ [ 2, 3 ] │     │        │",
        "│ 2       │          │     │ 5      │",
        "└─────────┴──────────┴─────┴────────┘",
    ]


def test_columns_of_a_table_can_be_chosen(messages: list[tuple[str, str]]) -> None:
    Console().table({"x": {"a": 1, "b": 2}}, ["b"])
    assert "│ x       │ 2 │" in messages[0][1]
    assert "a" not in messages[0][1]


def test_tables_of_maps_and_of_nothing(messages: list[tuple[str, str]]) -> None:
    console = Console()
    console.table(Map([["k", 1]]))
    console.table(Set(["m"]))
    console.table("text")
    assert "│ (iteration index) │ Key │ Values │" in messages[0][1]
    assert "│ 0                 │ 'm'    │" in messages[1][1]
    assert messages[2] == ("log", "text")


def test_dir_is_as_deep_as_it_is_told(messages: list[tuple[str, str]]) -> None:
    console = Console()
    nested = {"a": {"b": {"c": {"d": 1}}}}
    console.dir(nested, {"depth": 0})
    console.dir(nested, {"depth": null})
    assert [text for _, text in messages] == [
        "{ a: [Object] }",
        "{\n  a: { b: { c: { d: 1 } } }\n}",
    ]


def test_labels_that_nobody_knows(messages: list[tuple[str, str]]) -> None:
    console = Console()
    console.count_reset("a")
    console.time_end("a")
    console.time("a")
    console.time("a")
    assert messages == [
        ("warn", "Count for 'a' does not exist"),
        ("warn", "No such label 'a' for console.timeEnd()"),
        ("warn", "Label 'a' already exists for console.time()"),
    ]
