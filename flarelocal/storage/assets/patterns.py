"""Patterns of paths: `*` stands for anything, `:name` for one segment."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["glob", "has_variables", "replaced", "rule_pattern"]

_VARIABLE = re.compile(r"\*|:([A-Za-z]\w*)", re.ASCII)
_HOST = re.compile(r"https://[^/]*")


def has_variables(rule: str) -> bool:
    return _VARIABLE.search(rule) is not None


def glob(rule: str) -> re.Pattern[str]:
    """A pattern in which only `*` has a meaning."""
    return re.compile(".*".join(map(re.escape, rule.split("*"))))


def rule_pattern(rule: str) -> re.Pattern[str] | None:
    """A pattern of `_headers` or `_redirects`; None if it has the same variable twice.

    A variable in the host of an absolute URL ends at a dot.
    """
    host = _HOST.match(rule)
    host_end = host.end() if host else 0
    parts = []
    end = 0
    for variable in _VARIABLE.finditer(rule):
        segment = "[^/.]+" if variable.start() < host_end else "[^/]+"
        name = variable[1]
        parts.append(re.escape(rule[end : variable.start()]))
        parts.append(f"(?P<{name}>{segment})" if name else "(?P<splat>.*)")
        end = variable.end()
    try:
        return re.compile("".join([*parts, re.escape(rule[end:])]))
    except re.error:
        return None


def replaced(text: str, variables: Mapping[str, str]) -> str:
    """The text with the values of its variables."""
    for name, value in variables.items():
        text = text.replace(f":{name}", value)
    return text
