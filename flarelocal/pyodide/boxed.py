"""Primitives as objects: what `new String(…)` and its like give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flarelocal.javascript.values import Boxed
from flarelocal.pyodide import profile
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.properties import OpaqueProxy
from flarelocal.pyodide.sequence import JsArray, place_of

__all__ = ["BoxedText", "boxed_out"]


class BoxedText(JsIterable, OpaqueProxy):
    """A text, which gives its characters."""

    __slots__ = ("_value",)

    def __iter__(self) -> Iterator[str]:
        return iter(self._value.value)

    def __len__(self) -> int:
        return len(self._value.value)


class _BoxedArray(JsArray, BoxedText):
    """The same where all is an array that has a length and can be iterated."""

    __slots__ = ("_value",)

    __iter__ = BoxedText.__iter__

    def __getitem__(self, index: Any) -> str:
        return str(self._value.value[place_of(index, len(self))])


def boxed_out(value: Boxed) -> Any:
    """What Python sees of a primitive as an object."""
    if not isinstance(value.value, str):
        return OpaqueProxy._of(value)
    kind = _BoxedArray if profile.current().sized_is_array else BoxedText
    return kind._of(value)
