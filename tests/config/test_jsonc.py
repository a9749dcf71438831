"""JSON with comments and trailing commas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flarelocal.config.jsonc import parse
from flarelocal.config.tree import SyntaxFault

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30
)


@given(_VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_valid_json_is_read_as_the_standard_library_reads_it(
    value: Any, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert parse(text).value == json.loads(text)


@given(_VALUES)
def test_comments_and_trailing_commas_change_nothing(value: Any) -> None:
    text = json.dumps(value, indent=1).replace("\n", " // a comment\n /* and\n another */ ")
    assert parse(f"// first\n{text}\n/* last */").value == value


@given(_VALUES)
def test_every_value_is_found_where_it_stands(value: Any) -> None:
    text = json.dumps(value, indent=1)
    tree = parse(text)
    for keys, spot in tree.spots.items():
        found = value
        for key in keys:
            found = found[key]
        read, _ = json.JSONDecoder().raw_decode(text, spot.value)
        assert read == found


@given(st.text())
def test_any_text_is_either_read_or_refused_with_a_place(text: str) -> None:
    offset = 0
    try:
        parse(text)
    except SyntaxFault as fault:
        offset = fault.offset
    assert 0 <= offset <= len(text)


def test_trailing_commas_are_allowed_in_objects_and_lists() -> None:
    assert parse('{"a": [1, 2,], "b": {"c": 3,},}').value == {"a": [1, 2], "b": {"c": 3}}


def test_comment_signs_in_strings_are_text() -> None:
    assert parse('{"url": "https://example.com/*"}').value == {"url": "https://example.com/*"}


def test_the_last_of_equal_keys_counts_and_is_reported() -> None:
    tree = parse('{"a": {"b": 1, "b": 2}}')
    assert tree.value == {"a": {"b": 2}}
    assert tree.repeated == (("a", "b"),)


_A_VALUE = "write a string, a number, true, false, null, […] or {…}"


@pytest.mark.parametrize(
    ("text", "offset", "message", "fix"),
    [
        ("", 0, "The file is empty", 'write at least {"name": "…", "main": "…"}'),
        ('{"a": 1 "b": 2}', 8, 'Expected "," or "}" but found "b"', "put a comma before it"),
        ('{"a" 1}', 5, 'Expected ":" but found 1', 'write a colon after "a"'),
        ("{a: 1}", 1, "Expected a key in double quotes but found a", "write keys in double quotes"),
        (
            "{'a': 1}",
            1,
            "Expected a key in double quotes but found '",
            "write strings in double quotes",
        ),
        ('{"a": yes}', 6, "Expected a value but found yes", _A_VALUE),
        ('{"a": 01}', 6, "Expected a value but found 01", _A_VALUE),
        ('{"a": ,}', 6, "Expected a value but found ,", _A_VALUE),
        ('{"a": "x\n"}', 6, "This string has no end on its line", "close it with a double quote"),
        (r'{"a": "\d"}', 7, "This escape sequence is not JSON's", r"write a backslash as \\"),
        ('{"a": /* b', 6, "This comment has no end", "close it with */"),
        (
            '{"a": {\n"b": 1\n',
            15,
            'Expected "," or "}" but found the end of the file',
            'close the "{" of line 1',
        ),
        (
            "{} {}",
            3,
            "Expected the end of the file but found {",
            "remove what follows the outermost bracket",
        ),
        ("[" * 100_000, None, "The file is nested too deeply", "flatten it"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_fix(
    text: str, offset: int | None, message: str, fix: Any
) -> None:
    with pytest.raises(SyntaxFault) as fault:
        parse(text)
    assert (fault.value.message, fault.value.fix) == (message, fix)
    assert offset in (None, fault.value.offset)
