"""`.env` files: the syntax of the `dotenv` package and the expansion of `dotenv-expand`.

wrangler reads its files with these two; python-dotenv has no `KEY: value`, no backticks, and other
escapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["expand", "parse"]

_ENTRY = r"""(?mx)
    ^ \s* (?:export\s+)? (?P<key>[A-Za-z0-9_.-]+)
    (?: \s*=[^\S\n]* | :\s+? )
    (?P<value>
        \s* '(?:\\'|[^'])*'
      | \s* "(?:\\"|[^"])*"
      | \s* `(?:\\`|[^`])*`
      | [^#\n]+
    )?
    \s* (?:\#.*)? $
    """
_QUOTED = r"(?s)(['\"`])(.*)\1"
_REFERENCE = r"(?<!\\)\$(?:\{([^{}]+)\}|([A-Za-z_][A-Za-z0-9_]*))"
_MOST_REFERENCES = 100
_OPERATOR = r":\+|\+|:-|-"


def parse(text: str) -> dict[str, str]:
    """The variables of a file; lines that are none are skipped, the last of a name counts."""
    variables: dict[str, str] = {}
    for entry in re.finditer(_ENTRY, text.replace("\r\n", "\n").replace("\r", "\n")):
        value = (entry["value"] or "").strip()
        double = value.startswith('"')
        if quoted := re.fullmatch(_QUOTED, value):
            value = quoted[2]
        if double:
            value = value.replace("\\n", "\n").replace("\\r", "\r")
        variables[entry["key"]] = value
    return variables


def expand(variables: Mapping[str, str], surroundings: Mapping[str, str]) -> dict[str, str]:
    """Replace `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+alternative}`.

    A reference sees the variables before it, and the surroundings, which win; `\\$` is a dollar.

    Returns:
        the surroundings and the variables; of equal names those of the surroundings, unless empty.
    """
    expanded: dict[str, str] = {}
    for name, value in variables.items():
        given = surroundings.get(name)
        if not given or given == value:
            given = _expand_value(value, {**expanded, **surroundings}, expanded)
        expanded[name] = given.replace("\\$", "$")
    return {**surroundings, **expanded}


def _expand_value(value: str, known: Mapping[str, str], before: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while (reference := re.search(_REFERENCE, value)) and len(seen) < _MOST_REFERENCES:
        seen.add(value)
        name, operator, rest = _split(reference[1] or reference[2])
        if operator in (":+", "+"):
            replacement = rest if known.get(name) else ""
        else:
            replacement = known.get(name) or rest
            if replacement in seen:
                replacement = rest
        value = value[: reference.start()] + replacement + value[reference.end() :]
        if value == before.get(name):
            break
    return value


def _split(expression: str) -> tuple[str, str, str]:
    operator = re.search(_OPERATOR, expression)
    if operator is None:
        return expression, "", ""
    return expression[: operator.start()], operator[0], expression[operator.end() :]
