"""The file `_headers`: headers that are set or removed by path."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flarelocal.storage.assets.parsing import (
    HEADERS_FILE,
    Problem,
    RuleError,
    meaningful_lines,
    normal_url,
)
from flarelocal.storage.assets.patterns import replaced, rule_pattern

__all__ = ["HeaderRules", "Headers"]

Headers = list[tuple[str, str]]
"""Names in lower case."""

Line = tuple[int, str]

_MAX_RULES = 100
_PATH = re.compile(r"/|\S+://")
_SPLAT = re.compile(r":splat(?!\w)", re.ASCII)
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_REMOVE = "! "


class _Rule:
    """What happens to the headers of one pattern of paths."""

    def __init__(self) -> None:
        self.added: dict[str, str] = {}
        self.removed: list[str] = []

    def read(self, line: str) -> None:
        """Take in a line `name: value` or `! name`.

        Raises:
            RuleError: it is neither.
        """
        name, colon, value = line.partition(":")
        if not colon:
            if not line.startswith(_REMOVE):
                raise RuleError("Expected a colon-separated header pair (e.g. name: value)")
            self.removed.append(line.removeprefix(_REMOVE).strip().lower())
            return
        name, value = name.strip().lower(), value.strip()
        if not name:
            raise RuleError("No header name specified")
        if " " in name:
            raise RuleError("Header name cannot include spaces")
        if not _TOKEN.fullmatch(name):
            raise RuleError(f"Header name cannot be {name}")
        if not value:
            raise RuleError("No header value specified")
        self.added[name] = f"{self.added[name]}, {value}" if name in self.added else value


class HeaderRules:
    """The rules of a `_headers` file (Cloudflare docs, "Headers" of static assets).

    Attributes:
        problems: the lines that are ignored.
    """

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        rules: dict[str, _Rule] = {}
        for place, lines in self._blocks(text):
            if len(rules) >= _MAX_RULES:
                message = f"Maximum number of rules supported is {_MAX_RULES}. Skipping the rest."
                self._ignore(place[0], message)
                break
            self._read(place, lines, rules)
        self.problems.sort(key=lambda problem: problem.line)
        self._rules = [
            (pattern, path.startswith("https://"), rule)
            for path, rule in rules.items()
            if (pattern := rule_pattern(path))
        ]

    def apply(self, headers: Headers, hostname: str, path: str) -> None:
        """Change the headers of an answer to a request for this path, as its URL has it."""
        changed: set[str] = set()
        for pattern, absolute, rule in self._rules:
            match = pattern.fullmatch(f"https://{hostname}{path}" if absolute else path)
            if match is None:
                continue
            for name in rule.removed:
                _remove(headers, name)
            for name, value in rule.added.items():
                value = replaced(value, match.groupdict())
                if name in changed:
                    _append(headers, name, value)
                else:
                    _remove(headers, name)
                    headers.append((name, value))
                    changed.add(name)

    def _blocks(self, text: str) -> list[tuple[Line, list[Line]]]:
        """Each line that is a path, with those that belong to it."""
        blocks: list[tuple[Line, list[Line]]] = []
        for number, line in meaningful_lines(text, self.problems, HEADERS_FILE):
            if _PATH.match(line):
                blocks.append(((number, line), []))
            elif blocks:
                blocks[-1][1].append((number, line))
            else:
                self._ignore(number, f"Path should come before header ({line})")
        return blocks

    def _read(self, place: Line, lines: Sequence[Line], rules: dict[str, _Rule]) -> None:
        try:
            path = _path(place[1])
        except RuleError as error:
            self._ignore(place[0], str(error))
            return
        rule = _Rule()
        for number, line in lines:
            try:
                rule.read(line)
            except RuleError as error:
                self._ignore(number, str(error))
        if rule.added or rule.removed:
            rules[path] = rule
        else:
            self._ignore(place[0], "No headers specified")

    def _ignore(self, line: int, message: str) -> None:
        self.problems.append(Problem(HEADERS_FILE, line, message))


def _path(text: str) -> str:
    path = normal_url(text, relative=False, ports=False, query=False)
    if path.count("*") > 1:
        raise RuleError(
            "Only one wildcard is allowed per rule. Use a named placeholder (e.g. :project)"
            f" instead. Skipping {path}."
        )
    if "*" in path and _SPLAT.search(path):
        raise RuleError(
            "Cannot combine a wildcard * with a :splat placeholder because wildcards are converted"
            f" to :splat at runtime. Skipping {path}."
        )
    return path


def _remove(headers: Headers, name: str) -> None:
    headers[:] = [header for header in headers if header[0] != name]


def _append(headers: Headers, name: str, value: str) -> None:
    """Add to a header; cookies stay apart, as they cannot be joined."""
    if name == "set-cookie":
        headers.append((name, value))
        return
    for index, (other, present) in enumerate(headers):
        if other == name:
            headers[index] = (name, f"{present}, {value}")
            return
    headers.append((name, value))
