"""Queuing strategies: how much a stream holds before it asks to wait."""

from __future__ import annotations

import math
from collections.abc import Callable

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import range_error
from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import Options, properties_of
from flarelocal.javascript.values import Value

__all__ = ["ByteLengthQueuingStrategy", "CountQueuingStrategy", "Strategy"]


def _one(chunk: Value) -> float:
    return 1


def _byte_length(chunk: Value) -> float:
    return getattr(chunk, "byte_length", 0)


@dataclass(frozen=True, slots=True)
class Strategy:
    """How much a stream holds.

    Attributes:
        high_water: the stream asks to wait from this size on.
        size: the size of a chunk.
    """

    high_water: float
    size: Callable[[Value], float] = _one

    @classmethod
    def of(cls, value: Value, default: float) -> Strategy:
        """The strategy of an options object.

        Raises:
            JsError: RangeError for a high-water mark that is negative or no number.
        """
        if isinstance(value, ByteLengthQueuingStrategy | CountQueuingStrategy):
            return Strategy(value.high_water_mark, value.size)
        options = properties_of(value) or {}
        mark, size = options.get("highWaterMark"), options.get("size")
        high_water = default if mark is None else to_number(mark)
        if math.isnan(high_water) or high_water < 0:
            raise range_error("The high water mark must be a non-negative number.")
        if size is None:
            return Strategy(high_water)
        return Strategy(high_water, lambda chunk: to_number(size(chunk)))


class CountQueuingStrategy(HostObject, constructible=True):
    """Counts chunks."""

    __slots__ = ("_mark",)

    def __init__(self, init: Options) -> None:
        self._mark = to_number(init.get("highWaterMark"))

    @getter
    def high_water_mark(self) -> float:
        return self._mark

    @getter
    def size(self) -> Callable[[Value], float]:
        return _one


class ByteLengthQueuingStrategy(HostObject, constructible=True):
    """Counts bytes."""

    __slots__ = ("_mark",)

    def __init__(self, init: Options) -> None:
        self._mark = to_number(init.get("highWaterMark"))

    @getter
    def high_water_mark(self) -> float:
        return self._mark

    @getter
    def size(self) -> Callable[[Value], float]:
        return _byte_length
