"""What running Workers change in the interpreter as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flarelocal.clock.zone import in_utc
from flarelocal.pyodide.blocking import redirect_blocking_calls
from flarelocal.pyodide.json_null import null_in_json
from flarelocal.worker.environment import redirect_environment
from flarelocal.worker.output import redirect_output

__all__ = ["redirected"]

_users = 0
_redirections = ExitStack()


@contextmanager
def redirected() -> Iterator[None]:
    """Record what Workers print, have their blocking calls wait as in Pyodide, be in UTC.

    Workers see their own environment variables, all else those of the machine.

    This may be entered more than once; the last one to leave takes the changes back.
    """
    global _users
    _users += 1
    try:
        if _users == 1:
            for redirect in (
                in_utc,
                redirect_environment,
                redirect_blocking_calls,
                redirect_output,
                null_in_json,
            ):
                _redirections.enter_context(redirect())
        yield
    finally:
        _users -= 1
        if not _users:
            _redirections.close()
