"""The blocking twin: the same objects for code that cannot await."""

from __future__ import annotations

import contextvars
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

__all__ = ["Blocking"]

_OURS = ("flarelocal", "workers", "pyodide")


class Blocking:
    """Stands for an object; what it gives is waited for, and stands for itself in turn.

    Args:
        target: the object.
        wait: runs a coroutine to its end.
        context: in which the object is used.
    """

    def __init__(
        self,
        target: Any,
        wait: Callable[[Coroutine[Any, Any, Any]], Any],
        context: contextvars.Context,
    ) -> None:
        self.__dict__.update(_target=target, _wait=wait, _context=context)

    def __getattr__(self, name: str) -> Any:
        return self._made(self._within(lambda: getattr(self._target, name)))

    def __setattr__(self, name: str, value: Any) -> None:
        self._within(lambda: setattr(self._target, name, value))

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._made(self._within(lambda: self._target(*arguments, **options)))

    def __getitem__(self, key: Any) -> Any:
        return self._made(self._within(lambda: self._target[key]))

    def __iter__(self) -> Iterator[Any]:
        return iter([self._made(each) for each in self._target])

    def __len__(self) -> int:
        return len(self._target)

    def __enter__(self) -> Any:
        return self._made(self._target.__enter__())

    def __exit__(self, *error: Any) -> Any:
        return self._target.__exit__(*error)

    def __repr__(self) -> str:
        return f"<Blocking {self._target!r}>"

    def _within(self, use: Callable[[], Any]) -> Any:
        """What `use` gives, on the event loop, which bindings need."""

        async def run() -> Any:
            result = use()
            return await result if _waits(result) else result

        return self._wait(run())

    def _made(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and type(value) in (list, tuple):
            return type(value)(self._made(each) for each in value)
        kind = type(value)
        ours = kind.__module__.partition(".")[0] in _OURS or callable(value)
        if not ours or isinstance(value, str | type | BaseException):
            return value
        return Blocking(value, self._wait, self._context)


def _waits(value: Any) -> bool:
    return inspect.isawaitable(value) and isinstance(value, Awaitable)
