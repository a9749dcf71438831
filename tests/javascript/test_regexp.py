"""RegExp objects, as V8 has them."""

from __future__ import annotations

import pytest

from flarelocal.javascript import json
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.values import Value, null


def test_exec_gives_the_groups_and_where_they_are() -> None:
    found = RegExp("(?<year>\\d{4})-(?<month>\\d\\d)(x)?").exec("on 2020-01")
    assert found == ["2020-01", "2020", "01", None]
    assert found.expando["index"] == 3
    assert found.expando["input"] == "on 2020-01"
    assert found.expando["groups"] == {"year": "2020", "month": "01"}


def test_exec_finds_nothing() -> None:
    assert RegExp("b").exec("a") is null


def test_the_flag_d_tells_where_groups_are() -> None:
    found = RegExp("(a)(?:b)(c)?", "d").exec("zab")
    assert found.expando["indices"] == [[1, 3], [1, 2], None]


def test_the_flag_g_goes_on_where_it_stopped() -> None:
    expression = RegExp("a", "g")
    assert [expression.test("aba") for _ in range(3)] == [True, True, False]
    assert expression.last_index == 0
    expression.last_index = 5
    assert expression.exec("aba") is null
    assert expression.last_index == 0


def test_the_flag_y_matches_there_and_nowhere_else() -> None:
    expression = RegExp("a", "y")
    assert not expression.test("ba")
    expression.last_index = 1
    assert expression.test("ba")
    assert expression.last_index == 2


def test_without_flags_the_last_index_is_left_alone() -> None:
    expression = RegExp("a")
    expression.last_index = 2
    assert expression.test("a")
    assert expression.last_index == 2


def test_places_are_units_of_utf_16() -> None:
    assert RegExp("b").exec("😀b").expando["index"] == 2
    assert RegExp("b", "u").exec("😀b").expando["index"] == 2
    assert RegExp(".").exec("😀") == ["\ud83d"]
    assert RegExp(".", "u").exec("😀") == ["😀"]
    by_characters = RegExp(".", "gu")
    by_characters.test("😀a")
    assert by_characters.last_index == 2


@pytest.mark.parametrize(
    ("pattern", "source"),
    [("a/b", "a\\/b"), ("[/]", "[/]"), ("\n", "\\n"), ("", "(?:)"), ("\\/", "\\/")],
)
def test_the_source_can_stand_between_slashes(pattern: str, source: str) -> None:
    assert RegExp(pattern).source == source


def test_flags_are_sorted_and_told_one_by_one() -> None:
    expression = RegExp("a", "yg")
    assert expression.flags == "gy"
    assert expression.is_global
    assert expression.sticky
    assert not expression.multiline
    assert expression.to_js_string() == "/a/gy"


def test_expressions_are_made_of_expressions() -> None:
    given = RegExp("a", "g")
    assert RegExp(given).flags == "g"
    assert RegExp(given, "i").flags == "i"
    kind = constructor_of_class(RegExp)
    assert kind(given) is given
    assert kind(given, "i") is not given


@pytest.mark.parametrize(
    ("pattern", "flags", "reason"),
    [
        ("(", "", "/(/: Unterminated group"),
        (")", "g", "/)/g: Unmatched ')'"),
        ("[", "", "/[/: Unterminated character class"),
        ("a**", "", "/a**/: Nothing to repeat"),
        ("^*", "", "/^*/: Nothing to repeat"),
        ("a{2,1}", "", "/a{2,1}/: numbers out of order in {} quantifier"),
        ("[z-a]", "", "/[z-a]/: Range out of order in character class"),
        ("\\", "", "/\\/: \\ at end of pattern"),
        ("(?x)", "", "/(?x)/: Invalid group"),
        ("a{", "u", "/a{/u: Incomplete quantifier"),
        ("\\2", "u", "/\\2/u: Invalid escape"),
        ("\\k<n>", "u", "/\\k<n>/u: Invalid named capture referenced"),
    ],
)
def test_what_is_no_expression(pattern: str, flags: str, reason: str) -> None:
    with pytest.raises(JsError) as refusal:
        RegExp(pattern, flags)
    assert refusal.value.name == "SyntaxError"
    assert refusal.value.message == f"Invalid regular expression: {reason}"


@pytest.mark.parametrize("flags", ["gg", "x", "uv"])
def test_flags_that_do_not_exist(flags: str) -> None:
    with pytest.raises(JsError, match=f"Invalid flags supplied to RegExp constructor '{flags}'"):
        RegExp("a", flags)


def test_what_python_has_no_equal_of() -> None:
    with pytest.raises(JsError, match=r"flarelocal cannot match /\(\?<=a\+\)b/"):
        RegExp("(?<=a+)b")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a.b*c", "\\x61\\.b\\*c"), ("-", "\\x2d"), (" x", "\\x20x"), ("\n", "\\n"), ("é", "é")],
)
def test_texts_are_escaped(text: Value, escaped: str) -> None:
    assert RegExp.escape(text) == escaped


def test_backward_references() -> None:
    assert RegExp("\\1(a)").exec("a") == ["a", "a"]
    assert RegExp("\\k<n>(?<n>a)").exec("a") == ["a", "a"]
    assert RegExp("\\2").test("\2")
    assert RegExp("\\k<n>").test("k<n>")


def test_lines_begin_after_all_line_ends() -> None:
    assert RegExp("^a", "m").test("\u2028a")
    assert RegExp("^a", "m").test("\ra")


def test_what_was_found_is_an_array_for_json() -> None:
    assert json.stringify(RegExp("(?<a>b)").exec("ab")) == '["b","b"]'
