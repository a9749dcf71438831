"""Patterns of `.assetsignore`."""

import pytest

from flarelocal.storage.assets.ignore import Ignore


@pytest.mark.parametrize(
    ("pattern", "ignored", "kept"),
    [
        ("a.txt", "a.txt sub/a.txt A.TXT a.txt/inner", "ba.txt a.txt2"),
        ("/a.txt", "a.txt", "sub/a.txt"),
        ("sub/a.txt", "sub/a.txt", "other/sub/a.txt"),
        ("build/", "build/a other/build/b/c", "build"),
        ("*.map", "a.map sub/.map", "a.mapp"),
        ("sub/*", "sub/a sub/a/b", "sub other/sub/a"),
        ("a?c", "abc sub/axc", "ac a/c"),
        ("a[bc]d", "abd acd", "aad a/d"),
        ("a[!bc]d", "aad", "abd a/d"),
        ("**/logs", "logs a/logs a/b/logs/c", "xlogs"),
        ("logs/**", "logs/a logs/a/b", "logs a/logs/b"),
        ("a/**/b", "a/b a/x/b a/x/y/b", "x/a/b"),
        (r"\#a", "#a", "a"),
        (r"\!a", "!a", "a"),
        ("a b  ", "a·b", "a"),
        ("# comment", "", "#·comment comment"),
        ("", "", "a"),
        ("[", "[", "a"),
    ],
)
def test_one_pattern(pattern: str, ignored: str, kept: str) -> None:
    ignore = Ignore([pattern])
    assert [p for p in ignored.split() if not ignore.matches(p.replace("·", " "))] == []
    assert [p for p in kept.split() if ignore.matches(p.replace("·", " "))] == []


def test_the_last_pattern_that_matches_decides() -> None:
    ignore = Ignore(["*.txt", "!a.txt", "sub/a.txt"])
    assert [path for path in ("b.txt", "a.txt", "sub/a.txt") if ignore.matches(path)] == [
        "b.txt",
        "sub/a.txt",
    ]


def test_nothing_comes_back_out_of_an_ignored_directory() -> None:
    assert Ignore(["sub/", "!sub/a.txt"]).matches("sub/a.txt")
    assert not Ignore(["sub/*", "!sub/a.txt"]).matches("sub/a.txt")
