from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.regular_expression import compiled


def matches(source: str, text: str, flags: str = "v") -> bool:
    return compiled(source, flags).pattern.search(text) is not None


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("^a$", "a\n", False),
        (".", "\u2028", False),
        ("\\d", "٣", False),
        ("\\w", "é", False),
        ("\\s", "\ufeff", True),
        ("[\\S]", "x", True),
        ("[^\\D]", "7", True),
        ("\\u{1f600}", "😀", True),
        ("\\x41\\cJ", "A\n", True),
        ("a\\b", "ab", False),
        ("(?<x>a)\\k<x>", "aa", True),
        ("(a)?b\\1$", "b", True),
        ("[[a-z]--b]", "b", False),
        ("[[a-z]&&[b-d]]", "c", True),
        ("[a[bc]]", "b", True),
        ("[^[a][b]]", "b", False),
        ("[]", "x", False),
        ("[^]", "\n", True),
        ("\\p{Lu}", "É", True),
        ("\\P{L}", "é", False),
        ("[a\\-z]", "-", True),
    ],
)
def test_matching(source: str, text: str, expected: bool) -> None:
    assert matches(source, text) is expected


@pytest.mark.parametrize(
    "source",
    ["a**", "\\m", "{", "]", "[(]", "[a-z--b]", "[a", "(", "a{2,1}", "[z-a]", "(?<x>a)(?<x>b)"],
)
def test_what_is_no_expression(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        compiled(source, "v")


def test_without_unicode_flags_needless_escapes_mean_nothing() -> None:
    assert matches("\\m{", "m{", "")


def test_names_of_groups() -> None:
    assert compiled("(a)(?<b>c)", "").names == {"b": 2}


def test_case_and_lines() -> None:
    assert matches("^b", "a\nB", "im")
    assert matches("a.b", "a\nb", "s")


def test_a_property_whose_characters_are_unknown_is_named() -> None:
    with pytest.raises(JsError, match="Script=Greek"):
        compiled("\\p{Script=Greek}", "u")
