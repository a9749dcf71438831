"""Patterns of files to leave out, as `.gitignore` has them (git, "gitignore")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from flarelocal.dataclass import dataclass

__all__ = ["Ignore"]

_TOKEN = re.compile(
    r"""
    (?P<escaped> \\. )
    | (?P<across> (?:(?<=/)|^) \*\*/ )
    | (?P<below> (?<=/) \*\*$ )
    | (?P<any> \*+ )
    | (?P<one> \? )
    | (?P<set> \[ [!^]? \]? [^\]]* \] )
    """,
    re.VERBOSE,
)
_TRAILING_SPACES = re.compile(r"(?<!\\)\s+$")


class Ignore:
    """Patterns, of which the last one that matches decides; letters match in either case."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [rule for pattern in patterns if (rule := _rule(pattern))]

    def matches(self, path: str) -> bool:
        """Whether a file is left out.

        Args:
            path: from the directory on, with slashes, without one at its beginning.
        """
        *parents, file = accumulate(path.split("/"), lambda parent, name: f"{parent}/{name}")
        # Nothing brings a file back whose directory is left out.
        return any(self._decide(parent, True) for parent in parents) or self._decide(file, False)

    def _decide(self, path: str, directory: bool) -> bool:
        ignored = False
        for rule in self._rules:
            if rule.ignores is not ignored and (directory or not rule.directories_only):
                ignored ^= rule.expression.fullmatch(path) is not None
        return ignored


@dataclass(frozen=True, slots=True)
class _Rule:
    expression: re.Pattern[str]
    directories_only: bool
    ignores: bool


def _rule(pattern: str) -> _Rule | None:
    pattern = _TRAILING_SPACES.sub("", pattern)
    if pattern.startswith("#"):
        return None
    bare = pattern.removeprefix("!")
    path = bare.removesuffix("/")
    if not path:
        return None
    anywhere = "" if "/" in path else "(?:.*/)?"
    try:
        expression = re.compile(anywhere + _expression(path.removeprefix("/")), re.I | re.S)
    except re.error:
        return None
    return _Rule(expression, bare != path, bare == pattern)


def _expression(pattern: str) -> str:
    parts = []
    end = 0
    for token in _TOKEN.finditer(pattern):
        parts += [re.escape(pattern[end : token.start()]), _translated(token)]
        end = token.end()
    return "".join([*parts, re.escape(pattern[end:])])


def _translated(token: re.Match[str]) -> str:
    text = token[0]
    match token.lastgroup:
        case "escaped":
            return re.escape(text[1])
        case "across":
            return "(?:.*/)?"
        case "below":
            return ".+"
        case "any":
            return "[^/]*"
        case "one":
            return "[^/]"
    negated = text[1] in "!^"
    members = text[2 if negated else 1 : -1].replace("[", r"\[")
    return f"(?!/)[{'^' if negated else ''}{members}]"
