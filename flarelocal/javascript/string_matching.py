"""How texts are searched, replaced and divided, by other texts and by regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.text import to_string
from flarelocal.javascript.units import in_characters, in_units
from flarelocal.javascript.values import Value, null

__all__ = ["match", "match_all", "replace", "search", "split"]

_PLACEHOLDER = re.compile(r"\$(?:\$|&|`|'|(\d\d?)|<([^>]*)>)")


def match(text: str, pattern: Value) -> Value:
    """`text.match(pattern)`."""
    expression = pattern if isinstance(pattern, RegExp) else RegExp(pattern)
    if "g" not in expression.flag_names:
        return expression.exec(text)
    expression.last_index = 0
    return [found[0] for found in _matches(text, expression)] or null


def match_all(text: str, pattern: Value) -> Iterator[Value]:
    """`text.matchAll(pattern)`.

    Raises:
        JsError: TypeError for an expression without the flag `g`.
    """
    if isinstance(pattern, RegExp):
        _require_global(pattern, "matchAll")
        expression = RegExp(pattern)
        expression.last_index = pattern.last_index
    else:
        expression = RegExp(pattern, "g")
    return NamedIterator.of("RegExp String Iterator", _matches(text, expression))


def search(text: str, pattern: Value) -> int:
    """`text.search(pattern)`."""
    expression = RegExp(pattern)
    found = expression.exec(text)
    return -1 if found is null else found.expando["index"]


def replace(text: str, pattern: Value, replacement: Value, *, each: bool) -> str:
    """`text.replace(pattern, replacement)`, with `each` `replaceAll`.

    Raises:
        JsError: TypeError for an expression without the flag `g` where each match is meant.
    """
    if isinstance(pattern, RegExp):
        if each:
            _require_global(pattern, "replaceAll")
        return _replaced_by_expression(text, pattern, replacement)
    wanted, units = in_units(to_string(pattern)), in_units(text)
    made = _making(replacement, units)
    parts: list[str] = []
    end, place = 0, units.find(wanted)
    while place >= 0:
        parts += (units[end:place], made(wanted, place, [], None))
        end = place + len(wanted)
        place = units.find(wanted, end if wanted else end + 1) if each else -1
        if not wanted and place > len(units):
            break
    return in_characters("".join([*parts, units[end:]]))


def split(text: str, separator: Value, limit: Value) -> list[Value]:
    """`text.split(separator, limit)`."""
    most = 2**32 - 1 if limit is None else to_integer(limit) & (2**32 - 1)
    if separator is None:
        return [text][:most]
    if isinstance(separator, RegExp):
        return _split_by_expression(text, separator)[:most]
    units, wanted = in_units(text), in_units(to_string(separator))
    parts = units.split(wanted) if wanted else list(units)
    return [in_characters(part) for part in parts[:most]]


def _require_global(expression: RegExp, name: str) -> None:
    if "g" not in expression.flag_names:
        raise type_error(f"String.prototype.{name} called with a non-global RegExp argument")


def _matches(text: str, expression: RegExp) -> Iterator[Any]:
    """All matches of an expression with the flag `g`."""
    while (found := expression.exec(text)) is not null:
        if found[0] == "":
            expression.last_index += 1
        yield found


def _replaced_by_expression(text: str, expression: RegExp, replacement: Value) -> str:
    units = in_units(text)
    made = _making(replacement, units)
    if "g" in expression.flag_names:
        expression.last_index = 0
        matches = list(_matches(text, expression))
    else:
        found = expression.exec(text)
        matches = [] if found is null else [found]
    parts: list[str] = []
    end = 0
    for found in matches:
        start, matched = found.expando["index"], in_units(found[0])
        parts += (units[end:start], made(matched, start, found[1:], found.expando["groups"]))
        end = start + len(matched)
    return in_characters("".join([*parts, units[end:]]))


_Making = Callable[[str, int, list[Value], Value], str]


def _making(replacement: Value, units: str) -> _Making:
    """What gives the text that stands for a match."""
    if callable(replacement):

        def called(matched: str, start: int, groups: list[Value], names: Value) -> str:
            further = [] if names is None else [names]
            arguments = (in_characters(matched), *groups, start, in_characters(units), *further)
            return in_units(to_string(replacement(*arguments)))

        return called
    template = in_units(to_string(replacement))
    return lambda matched, start, groups, names: _PLACEHOLDER.sub(
        lambda found: _expanded(found, units, matched, start, groups, names), template
    )


def _expanded(
    found: re.Match[str], units: str, matched: str, start: int, groups: list[Value], names: Value
) -> str:
    """What a placeholder of a replacement stands for."""
    sign = found[0]
    simple = {"$$": "$", "$&": matched, "$`": units[:start], "$'": units[start + len(matched) :]}
    if sign in simple:
        return simple[sign]
    if found[2] is not None:
        if names is None:
            return sign
        value = names.get(found[2])
        return "" if value is None else in_units(to_string(value))
    for digits in (found[1], found[1][:1]):
        if 1 <= int(digits) <= len(groups):
            value = groups[int(digits) - 1]
            return ("" if value is None else in_units(value)) + found[1][len(digits) :]
    return sign


def _split_by_expression(text: str, separator: RegExp) -> list[Value]:
    flags = separator.flag_names.replace("y", "").replace("g", "") + "g"
    expression = RegExp(separator, flags)
    units = in_units(text)
    if not units:
        return [] if expression.exec(text) is not null else [""]
    parts: list[Value] = []
    end = 0
    for found in _matches(text, expression):
        start, size = found.expando["index"], len(in_units(found[0]))
        if start >= len(units) or (size == 0 and start == end):
            continue
        parts += (in_characters(units[end:start]), *found[1:])
        end = start + size
    return [*parts, in_characters(units[end:])]
