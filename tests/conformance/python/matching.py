"""Whether what a case saw is what it should have seen."""

from __future__ import annotations

import re
import sys
from typing import Any

__all__ = ["difference"]

_MATCHERS = frozenset({"$any", "$match", "$between", "$one_of"})

# Where Pyodide keeps things, and how Emscripten numbers errors, is no matter.
_PATH = re.compile(r"/(?:session|lib)/(?:[\w.-]+/)*([\w.-]+)")
_ERRNO = re.compile(r"\[Errno \d+\]")

# Texts of Python 3.14 that older versions word otherwise.
_REWORDED = (
    (re.compile(r" is not a container or iterable$"), " is not iterable"),
    (re.compile(r"^cannot use '.*' as a dict key \((.*)\)$"), r"\1"),
    (re.compile(r"^(maximum recursion depth exceeded)\b.*$"), r"\1"),
)


def difference(expected: Any, actual: Any, path: str = "") -> str | None:
    """Where and how the two differ; None where they fit."""
    if isinstance(expected, dict) and expected.keys() and expected.keys() <= _MATCHERS:
        fits = all(_fits(kind, wanted, actual) for kind, wanted in expected.items())
        return None if fits else _said(path, expected, actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        if expected.keys() != actual.keys():
            return _said(path, expected, actual)
        return _first(difference(v, actual[k], f"{path}.{k}") for k, v in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return _said(path, expected, actual)
        pairs = zip(expected, actual, strict=True)
        return _first(difference(e, a, f"{path}[{i}]") for i, (e, a) in enumerate(pairs))
    if isinstance(expected, str) and isinstance(actual, str):
        same = _same_text(_reworded(expected), _reworded(actual))
    else:
        same = type(expected) is type(actual) and expected == actual
    return None if same else _said(path, expected, actual)


def _first(found: Any) -> str | None:
    return next((each for each in found if each is not None), None)


def _same_text(expected: str, actual: str) -> bool:
    if _PATH.search(expected) is None:
        return expected == actual
    pattern, end = "", 0
    for path in _PATH.finditer(expected):
        pattern += re.escape(expected[end : path.start()]) + r"/(?:[\w.-]+/)*" + re.escape(path[1])
        end = path.end()
    return re.fullmatch(pattern + re.escape(expected[end:]), actual, re.DOTALL) is not None


def _reworded(text: str) -> str:
    text = _ERRNO.sub("[Errno]", text)
    if sys.version_info >= (3, 14):
        return text
    for pattern, older in _REWORDED:
        text = pattern.sub(older, text)
    return text


def _fits(kind: str, wanted: Any, actual: Any) -> bool:
    if kind == "$any":
        return bool(_KINDS[wanted](actual))
    if kind == "$match":
        return isinstance(actual, str) and re.search(wanted, actual) is not None
    if kind == "$between":
        return _is_number(actual) and wanted[0] <= actual <= wanted[1]
    return any(difference(choice, actual) is None for choice in wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: dict[str, Any] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "value": lambda value: True,
}


def _said(path: str, expected: Any, actual: Any) -> str:
    return f"at {path or 'the outcome'}:\nexpected {expected!r}\n     got {actual!r}"
