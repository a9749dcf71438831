"""Queuing strategies: how much a stream holds before it asks to wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from flarelocal.dataclass import dataclass
from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.numbers import to_number, to_uint64
from flarelocal.javascript.signature import Options, function_of, properties_of, refused
from flarelocal.javascript.values import Value

__all__ = ["ByteLengthQueuingStrategy", "CountQueuingStrategy", "Strategy"]


def _one(chunk: Value = None) -> float:
    return 1


def _byte_length(chunk: Value = None) -> Value:
    size = (properties_of(chunk) or {}).get("byteLength")
    return size if isinstance(size, int | float) else None


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
    def of(cls, value: Value, default: float, owner: str, index: int = 1) -> Strategy:
        """The strategy that a constructor gets.

        Args:
            owner: the name of the constructor's class.
            index: of the argument, from 0.

        Raises:
            JsError: TypeError for what is no object, a high-water mark that is negative or no
                number, and a size that is no function.
        """
        if isinstance(value, ByteLengthQueuingStrategy | CountQueuingStrategy):
            options = {"highWaterMark": value.high_water_mark, "size": value.size}
        else:
            given = properties_of(value)
            if given is None:
                raise refused(owner, "", index, "StreamQueuingStrategy")
            options = given
        mark = options.get("highWaterMark")
        high_water = default if mark is None else to_uint64(mark)
        size = function_of(options, "size", "StreamQueuingStrategy")
        if size is None or size is _one:
            return Strategy(high_water)
        return Strategy(high_water, lambda chunk: to_uint64(size(chunk)))


class CountQueuingStrategy(HostObject, constructible=True):
    """Counts chunks."""

    __slots__ = ("_mark",)

    def __init__(self, init: Annotated[Options, "QueuingStrategyInit"]) -> None:
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

    def __init__(self, init: Annotated[Options, "QueuingStrategyInit"]) -> None:
        self._mark = to_number(init.get("highWaterMark"))

    @getter
    def high_water_mark(self) -> float:
        return self._mark

    @getter
    def size(self) -> Callable[[Value], Value]:
        return _byte_length
