"""Whether an outcome is the expected one."""

from __future__ import annotations

import base64
import math
import re
from typing import Any

__all__ = ["Matcher"]

_MATCHERS = frozenset({"$any", "$match", "$bind", "$between", "$near_now", "$one_of"})
_FRACTION = 1e-9
_UNDEFINED = {"$undefined": True}
_HIDDEN = {"$hidden": True}


class Matcher:
    """Compares encoded values; remembers what `$bind` has bound.

    Args:
        now_ms: when the case ended, for `$near_now`.
    """

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._bound: dict[str, Any] = {}
        self._distinct = True

    def difference(self, expected: Any, actual: Any, path: str = "") -> str | None:
        """Where and how the two differ; None where they fit."""
        if isinstance(expected, dict) and _MATCHERS & expected.keys():
            return self._matched(expected, actual, path)
        expected = _expanded(expected)
        if expected == _HIDDEN:
            return None
        if isinstance(expected, dict) and "$instance" in expected:
            return self._instance(expected, actual, path)
        if isinstance(expected, dict) and isinstance(actual, dict):
            return self._members(expected, actual, path)
        if isinstance(expected, list) and isinstance(actual, list):
            return self._items(expected, actual, path)
        return None if _same(expected, actual) else _said(path, expected, actual)

    def _members(self, expected: dict[str, Any], actual: dict[str, Any], path: str) -> str | None:
        for key in [*expected, *(key for key in actual if key not in expected)]:
            wanted, got = expected.get(key, _UNDEFINED), actual.get(key, _UNDEFINED)
            if key.startswith("$") and (key not in expected or key not in actual):
                return _said(path, expected, actual)
            if found := self.difference(wanted, got, f"{path}.{key}"):
                return found
        return None

    def _items(self, expected: list[Any], actual: list[Any], path: str) -> str | None:
        for index, (wanted, got) in enumerate(zip(expected, actual, strict=False)):
            if found := self.difference(wanted, got, f"{path}[{index}]"):
                return found
        if len(expected) != len(actual):
            more = actual[len(expected) :] or expected[len(actual) :]
            what = f"{len(actual)} items, not {len(expected)}; the others: {more}"
            return _said(path, expected, what)
        return None

    def _instance(self, expected: dict[str, Any], actual: Any, path: str) -> str | None:
        """The name is the runtime's own; of the properties the telling ones count."""
        if not isinstance(actual, dict) or "$instance" not in actual:
            return _said(path, expected, actual)
        props = actual.get("props", {})
        wanted = expected.get("props", {})
        return self._members(wanted, {key: props[key] for key in wanted if key in props}, path)

    def _matched(self, expected: dict[str, Any], actual: Any, path: str) -> str | None:
        # A virtual clock stands still during an event: moments may coincide.
        self._distinct = "$near_now" not in expected
        fits = all(getattr(self, f"_{key[1:]}")(expected[key], actual) for key in expected)
        return None if fits else _said(path, expected, actual)

    def _any(self, kind: str, actual: Any) -> bool:
        return bool(_KINDS[kind](actual))

    def _match(self, pattern: str, actual: Any) -> bool:
        return isinstance(actual, str) and re.search(pattern, actual) is not None

    def _between(self, bounds: list[float], actual: Any) -> bool:
        return _is_number(actual) and bounds[0] <= actual <= bounds[1]

    def _near_now(self, distance_ms: float, actual: Any) -> bool:
        return _is_number(actual) and abs(actual - self._now_ms) <= distance_ms

    def _one_of(self, choices: list[Any], actual: Any) -> bool:
        before = dict(self._bound)
        for choice in choices:
            if self.difference(choice, actual) is None:
                return True
            self._bound = dict(before)
        return False

    def _bind(self, name: str, actual: Any) -> bool:
        if name in self._bound:
            return _same(self._bound[name], actual)
        kind = name.rstrip("0123456789")
        others = [v for n, v in self._bound.items() if n.rstrip("0123456789") == kind]
        self._bound[name] = actual
        return kind == name or not self._distinct or actual not in others


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tagged(*tags: str) -> Any:
    return lambda value: isinstance(value, dict) and any(tag in value for tag in tags)


_KINDS: dict[str, Any] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date": _tagged("$date"),
    "bytes": _tagged("$bytes"),
    "buffer": _tagged("$buffer"),
    "object": lambda value: isinstance(value, dict),
    "value": lambda value: True,
}


def _expanded(expected: Any) -> Any:
    """The short forms of long texts and bytes, written out."""
    if not isinstance(expected, dict) or len(expected) != 1:
        return expected
    [(tag, content)] = expected.items()
    if tag == "$repeat":
        return content[0] * content[1]
    if tag in ("$fill", "$fill_buffer"):
        data = base64.b64encode(bytes([content[0]]) * content[1]).decode()
        return {"$bytes" if tag == "$fill" else "$buffer": data}
    return expected


def _same(expected: Any, actual: Any) -> bool:
    if _is_number(expected) and _is_number(actual):
        whole = float(expected).is_integer()
        # The digits of a large number are rounded in the recordings.
        return (
            float(expected) == float(actual)
            if whole
            else math.isclose(expected, actual, rel_tol=_FRACTION)
        )
    return type(expected) is type(actual) and bool(expected == actual)


def _said(path: str, expected: Any, actual: Any) -> str:
    return f"at {path or 'the value'}: expected {_short(expected)}, got {_short(actual)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) and value.startswith("a list") else repr(value)
    return text if len(text) <= 400 else f"{text[:400]}…"
