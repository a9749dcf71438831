"""`pyodide.code`: calling a function with the arguments that it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache, wraps
from types import MethodType
from typing import Any, TypeVar

from flarelocal.dataclass import dataclass

__all__ = ["relaxed_call", "relaxed_wrap"]

T = TypeVar("T")


def relaxed_call(function: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Call a function without the arguments that it has no parameters for.

    Raises:
        TypeError: an argument is missing (`missing a required argument: 'x'`).
    """
    target: Any = function
    method = isinstance(target, MethodType)
    shape = _shape(target.__func__ if method else target)
    if shape is None:
        return function(*arguments, **options)
    if shape.maximum is not None:
        arguments = arguments[: shape.maximum - method]
    if shape.names is not None and options:
        options = {name: value for name, value in options.items() if name in shape.names}
    if len(arguments) + method < shape.required or shape.needs_names:
        # For the words of the error: `inspect` says it otherwise than a call does.
        bound = (target.__self__,) if method else ()
        shape.signature.bind(*bound, *arguments, **options)
    return function(*arguments, **options)


def relaxed_wrap(function: Callable[..., T]) -> Callable[..., T]:
    """The function, which from now on takes arguments that it has no parameters for.

    Raises:
        TypeError: nobody knows its parameters, or it is no function.
    """
    if _shape(function) is None:
        raise TypeError("Cannot wrap function")

    @wraps(function)
    def wrapper(*arguments: Any, **options: Any) -> T:
        return relaxed_call(function, *arguments, **options)

    return wrapper


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a function takes; `maximum` and `names` are None where anything goes."""

    signature: inspect.Signature
    required: int
    maximum: int | None
    needs_names: bool
    names: frozenset[str] | None


@lru_cache(maxsize=512)
def _shape(function: Callable[..., Any]) -> _Shape | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    parameters = list(signature.parameters.values())
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    kinds = {p.kind for p in parameters}
    keyword_only = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    return _Shape(
        signature,
        required=sum(p.default is p.empty for p in positional),
        maximum=None if inspect.Parameter.VAR_POSITIONAL in kinds else len(positional),
        needs_names=any(p.default is p.empty for p in keyword_only),
        names=None
        if inspect.Parameter.VAR_KEYWORD in kinds
        else frozenset(p.name for p in parameters if p.kind is not p.POSITIONAL_ONLY),
    )
