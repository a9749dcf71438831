"""Changes of arrays, which those that are not as arrays usually are may refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from flarelocal.javascript.attributes import NOTED, Attributes
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.values import Hole, Value

__all__ = ["change"]

Given = TypeVarTuple("Given")
R = TypeVar("R")


def change(
    array: list[Value],
    how: Callable[[list[Value], *Given], R],
    *given: *Given,
) -> R:
    """Change an array by a function of its members.

    Raises:
        JsError: TypeError, the array is frozen, sealed or not extensible.
    """
    if id(array) not in NOTED:
        return how(array, *given)
    made = list(array)
    result = how(made, *given)
    refusal = _refusal(NOTED[id(array)], array, made)
    if refusal is not None:
        raise refusal
    array[:] = made
    return result


def _refusal(noted: Attributes, array: list[Value], made: list[Value]) -> JsError | None:
    """What keeps the array from becoming what was made of it, in the order of the writes."""
    common = min(len(array), len(made))
    moved = [i for i in range(common) if array[i] is not made[i]]
    if len(made) > len(array) and not noted.extensible:
        further = (i for i in range(len(array), len(made)) if type(made[i]) is not Hole)
        place = len(made) - 1 if moved else next(further, len(array))
        return type_error(f"Cannot add property {place}, object is not extensible")
    written = moved or ([0] if len(made) == len(array) and made else [])
    for index in written:
        if str(index) in noted.read_only:
            return _read_only(index)
        if isinstance(array[index], Hole) and not noted.extensible:
            return type_error(f"Cannot add property {index}, object is not extensible")
    for index in reversed(range(len(made), len(array))):
        if str(index) in noted.fixed:
            return type_error(f"Cannot delete property '{index}' of [object Array]")
    return _read_only("length") if "length" in noted.read_only else None


def _read_only(name: int | str) -> JsError:
    return type_error(f"Cannot assign to read only property '{name}' of object '[object Array]'")
