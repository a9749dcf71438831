"""`pyodide.code`: calling a function with the arguments that it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

__all__ = ["relaxed_call"]

T = TypeVar("T")


def relaxed_call(function: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Call a function without the arguments that it has no parameters for.

    Raises:
        TypeError: an argument is missing (`missing a required argument: 'x'`).
    """
    shape = _shape(getattr(function, "__func__", function))
    if shape is None:
        return function(*arguments, **options)
    signature, maximum, names = shape
    if maximum is not None:
        maximum -= inspect.ismethod(function)
        arguments = arguments[:maximum]
    if names is not None and options:
        options = {name: value for name, value in options.items() if name in names}
    if inspect.ismethod(function):
        signature.bind(function.__self__, *arguments, **options)
    else:
        signature.bind(*arguments, **options)
    return function(*arguments, **options)


@lru_cache(maxsize=512)
def _shape(
    function: Callable[..., Any],
) -> tuple[inspect.Signature, int | None, frozenset[str] | None] | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    parameters = signature.parameters.values()
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    maximum: int | None = sum(p.kind in positional for p in parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        maximum = None
    names: frozenset[str] | None = frozenset(
        p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    )
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        names = None
    return signature, maximum, names
