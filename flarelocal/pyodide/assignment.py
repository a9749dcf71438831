"""What Python assigns to properties of JavaScript objects, and deletes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from flarelocal.javascript import array_changes, assignment
from flarelocal.javascript.attributes import NOTED
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value
from flarelocal.pyodide.exception import JsException

__all__ = ["assign", "change", "remove"]

Given = TypeVarTuple("Given")
R = TypeVar("R")


def assign(target: Value, name: str, value: Value) -> None:
    """`target[name] = value`.

    Raises:
        JsException: TypeError, the property cannot be written or the object takes no new ones;
            or what a setter raises.
    """
    try:
        assignment.assign(target, name, value)
    except JsError as refusal:
        raise JsException._of_error(refusal) from None


def remove(target: Value, name: str) -> None:
    """`delete target[name]`.

    Raises:
        JsException: TypeError, the property cannot be removed.
    """
    try:
        assignment.remove(target, name)
    except JsError as refusal:
        raise JsException._of_error(refusal) from None


def change(
    array: list[Value],
    how: Callable[[list[Value], *Given], R],
    *given: *Given,
) -> R:
    """Change an array; see `flarelocal.javascript.array_changes`.

    Raises:
        JsException: TypeError, the array is frozen, sealed or not extensible.
    """
    if id(array) not in NOTED:
        return how(array, *given)
    try:
        return array_changes.change(array, how, *given)
    except JsError as refusal:
        raise JsException._of_error(refusal) from None
