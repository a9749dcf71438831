"""Why an emulator does not start."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.config import Diagnostic
from flarelocal.pyodide.traceback import format_error
from flarelocal.worker.loader import LoadError

__all__ = ["StartError"]


class StartError(Exception):
    """The emulator cannot start; the message names what is wrong and how to mend it."""

    @classmethod
    def of_code(cls, error: LoadError) -> StartError:
        """The code does not load; tells with a traceback where it failed."""
        cause = error.__cause__
        text = f"{error}\n\n{format_error(cause).rstrip()}" if cause else str(error)
        return cls(text)

    @classmethod
    def unless_fit(cls, diagnostics: Sequence[Diagnostic]) -> None:
        """Raise unless there is nothing to say.

        Raises:
            StartError: there is; each on a line of its own.
        """
        if diagnostics:
            raise cls("\n".join(map(str, diagnostics)))
