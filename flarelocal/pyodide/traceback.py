"""Tracebacks as the user of a Worker wants them: the Worker's own frames, with source lines."""

from __future__ import annotations

import asyncio
import importlib.util
import traceback
from pathlib import Path

from flarelocal.javascript.errors import JsError
from flarelocal.pyodide.suspension import Escaped

__all__ = ["format_error", "format_lines"]

_OURS = str(Path(__file__).parent.parent)
_CALLERS = frozenset(
    {
        "__call__",
        "_call_converted",
        "_call_raw",
        "_call_with_frames_removed",
        "call_back",
        "relaxed_call",
        "wrapped_queue",
    }
)
_HEADER = "Traceback (most recent call last):\n"
_ASYNCIO = str(Path(asyncio.__file__).parent)


def format_error(error: BaseException) -> str:
    """The text of an exception and its causes, without the frames of flarelocal and the SDK.

    Frames below the Worker's code stay: they belong to the libraries that it uses. An error that
    never was in Python code is one line.
    """
    return "".join(format_lines(error))


def format_lines(error: BaseException) -> list[str]:
    """The same in pieces, each of which ends with a line feed."""
    if isinstance(error, Escaped):
        error = error.error
    if isinstance(error, JsError) and error.__cause__ is None:
        return [f"{error}\n"]
    summary = traceback.TracebackException.from_exception(error, capture_locals=False)
    seen: set[int] = set()
    _clean(summary, seen)
    lines = list(summary.format())
    return lines if _HEADER in lines[0] or not error.__traceback__ else [_HEADER, *lines]


def _clean(summary: traceback.TracebackException, seen: set[int]) -> None:
    if id(summary) in seen:
        return
    seen.add(id(summary))
    kept = [frame for frame in summary.stack if not _hidden(frame.filename)]
    # What was raised beside the Worker's code still says where, unless it could not even begin.
    kept = kept or [frame for frame in summary.stack[-1:] if frame.name not in _CALLERS]
    summary.stack = traceback.StackSummary.from_list(kept)
    for linked in (summary.__cause__, summary.__context__, *(summary.exceptions or ())):
        if linked is not None:
            _clean(linked, seen)


def _hidden(filename: str) -> bool:
    return (
        filename.startswith((_OURS, _ASYNCIO, "<frozen importlib", *_sdk()))
        or "/importlib/" in filename
    )


def _sdk() -> tuple[str, ...]:
    spec = importlib.util.find_spec("workers")
    return tuple(spec.submodule_search_locations or ()) if spec else ()
