"""`.env` files."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flarelocal.config.dotenv import expand, parse


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("A=1\nB=two words\n", {"A": "1", "B": "two words"}),
        ("A = 1 \n", {"A": "1"}),
        ("A: 1", {"A": "1"}),
        ("export A=1", {"A": "1"}),
        ("A=", {"A": ""}),
        ("# comment\n\nA=1 # comment", {"A": "1"}),
        ("A='1 # 2' # comment", {"A": "1 # 2"}),
        ('A="1 # 2"', {"A": "1 # 2"}),
        ('A=`it\'s "1"`', {"A": 'it\'s "1"'}),
        (r'A="1\n2"', {"A": "1\n2"}),
        (r"A='1\n2'", {"A": r"1\n2"}),
        (r"A=1\n2", {"A": r"1\n2"}),
        (r'A="1\t2"', {"A": r"1\t2"}),
        ('A="1\n2"\nB=3', {"A": "1\n2", "B": "3"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=1\nA=2", {"A": "2"}),
        ('A="open', {"A": '"open'}),
        ("a.b-c_d=1", {"a.b-c_d": "1"}),
        ("nothing here\nA=1", {"A": "1"}),
        ('A={"json": [1, 2]}', {"A": '{"json": [1, 2]}'}),
        ("A=a=b", {"A": "a=b"}),
    ],
)
def test_the_syntax(text: str, variables: Any) -> None:
    assert parse(text) == variables


@given(st.text(st.characters(exclude_characters="'\r", exclude_categories=["Cs"]), min_size=1))
def test_single_quotes_keep_everything(value: str) -> None:
    assert parse(f"A='{value}'") == {"A": value}


@given(st.text())
def test_any_text_can_be_read_and_expanded(text: str) -> None:
    expand(parse(text), {"A": "$B"})


@pytest.mark.parametrize(
    ("value", "expanded"),
    [
        ("$A", "a"),
        ("${A}", "a"),
        ("x${A}y$A", "xaya"),
        ("$NONE", ""),
        ("${NONE:-default}", "default"),
        ("${NONE-default}", "default"),
        ("${EMPTY:-default}", "default"),
        ("${A:-default}", "a"),
        ("${A:+other}", "other"),
        ("${NONE:+other}", ""),
        ("${NONE:-${A}}", "a"),
        (r"\$A", "$A"),
        ("$LATER", ""),
        ("$X", ""),
    ],
)
def test_references_are_replaced(value: str, expanded: str) -> None:
    variables = {"A": "a", "EMPTY": "", "X": value, "LATER": "later"}
    assert expand(variables, {})["X"] == expanded


def test_the_surroundings_come_before_the_file() -> None:
    assert expand({"A": "file", "B": "$A"}, {"A": "process"}) == {"A": "process", "B": "process"}


def test_an_empty_surrounding_variable_gives_way() -> None:
    assert expand({"A": "file"}, {"A": ""}) == {"A": "file"}


def test_what_expands_without_end_is_cut_off() -> None:
    expand({"X": "y$A"}, {"A": "x$A"})
