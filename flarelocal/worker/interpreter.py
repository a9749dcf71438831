"""What running Workers change in the interpreter as a whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flarelocal.clock.zone import in_utc
from flarelocal.pyodide.blocking import redirect_blocking_calls
from flarelocal.pyodide.json_null import null_in_json
from flarelocal.worker.environment import redirect_environment
from flarelocal.worker.output import redirect_output

__all__ = ["Changes", "adapted", "redirected"]


class Changes:
    """Changes that all share who want them: the last one to leave takes them back."""

    def __init__(self, *changes: Callable[[], AbstractContextManager[None]]) -> None:
        self._changes = changes
        self._users = 0
        self._made: list[AbstractContextManager[None]] = []

    def begin(self) -> None:
        """Make them, unless somebody has."""
        self._users += 1
        if self._users == 1:
            self._made = [change() for change in self._changes]
            for each in self._made:
                each.__enter__()

    def end(self) -> None:
        """Take them back, unless somebody still wants them."""
        self._users -= 1
        if not self._users:
            for each in reversed(self._made):
                each.__exit__(None, None, None)


adapted = Changes(redirect_environment, redirect_blocking_calls, null_in_json)
"""Workers see their own environment variables, and their blocking calls wait as in Pyodide.

What is not part of an event goes on as ever.
"""

redirected = Changes(in_utc, redirect_output)
"""What Workers print is recorded, and the local time is UTC."""
