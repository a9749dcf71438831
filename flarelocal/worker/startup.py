"""What the Worker's own modules may not do while they are imported: draw random numbers, see time.

Libraries may: natively many of them were imported by something else already.
"""

from __future__ import annotations

import functools
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

from flarelocal.javascript.startup import StartupClock, at_startup, disallowed
from flarelocal.javascript.web.entropy import current_entropy
from flarelocal.javascript.web.fetch import current_outbound

__all__ = ["enter_startup", "startup_rules"]

_REASON = (
    "Randomness is not allowed while a Worker is starting because startup values will be repeated "
    "across Worker instances, making them predictable. If this error occurs from importing a "
    "package, import the package from a function to load it after the Worker starts."
)
_NO_RANDOMNESS = 29
_INTERMEDIATE = frozenset({"random", "secrets", "tempfile", "uuid", __name__})
_PACKAGES = frozenset({"site-packages", "python_modules"})


def enter_startup(*, randomness: bool = False) -> None:
    """Let the present context reach nothing outside of the program: it is being imported.

    Args:
        randomness: whether random numbers may be drawn.
    """
    StartupClock().make_current()
    if not randomness:
        current_entropy.set(_refuse)
    current_outbound.set(_refuse)


def _refuse(_: object) -> NoReturn:
    raise disallowed()


@contextmanager
def startup_rules(root: Path) -> Iterator[None]:
    """Hold the modules below `root` to the rules, within an invocation on a StartupClock.

    Source: workerd, src/pyodide/internal/topLevelEntropy.
    """

    def refused() -> bool:
        return at_startup() and _asked_by_worker(root)

    with ExitStack() as undo:
        for owner, name in ((os, "urandom"), (random, "_urandom"), (random.Random, "seed")):
            _replace(undo, owner, name, lambda usual: _without_entropy(usual, refused))
        for name in set(random.__all__) - {"Random", "SystemRandom"}:
            _replace(undo, random, name, lambda usual: _blocked(usual, refused))
        for name in ("time", "time_ns"):
            _replace(undo, time, name, lambda usual: _at_the_epoch(usual, refused))
        yield


def _replace(
    undo: ExitStack, owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    usual = getattr(owner, name)
    setattr(owner, name, functools.wraps(usual)(make(usual)))
    undo.callback(setattr, owner, name, usual)


# What replaces a function may be kept by a module that imports it, and is called ever after.


def _without_entropy(usual: Callable[..., Any], refused: Callable[[], bool]) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        seeded = usual.__name__ == "seed" and arguments[1:2] not in ((), (None,))
        if not seeded and refused():
            raise OSError(_NO_RANDOMNESS, _REASON)
        return usual(*arguments, **options)

    return call


def _blocked(usual: Callable[..., Any], refused: Callable[[], bool]) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        if refused():
            raise RuntimeError(
                f"Cannot use random.{usual.__name__}() outside of request context. {_REASON}"
            )
        return usual(*arguments, **options)

    return call


def _at_the_epoch(usual: Callable[[], Any], refused: Callable[[], bool]) -> Callable[[], Any]:
    def call() -> Any:
        return type(usual())() if refused() else usual()

    return call


def _asked_by_worker(root: Path) -> bool:
    """Whether the nearest frame that is not of the random modules themselves is the Worker's."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__") in _INTERMEDIATE:
        frame = frame.f_back
    file = Path(frame.f_code.co_filename)
    return file.is_relative_to(root) and _PACKAGES.isdisjoint(file.parts)
