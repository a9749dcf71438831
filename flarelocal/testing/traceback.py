"""Tracebacks as the author of a Worker wants them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

__all__ = ["own_frames"]

_OURS = str(Path(__file__).parent.parent)


def own_frames(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of flarelocal."""
    if traceback is None:
        return None
    rest = own_frames(traceback.tb_next)
    if traceback.tb_frame.f_code.co_filename.startswith(_OURS):
        return rest
    return TracebackType(rest, traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno)
