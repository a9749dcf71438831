"""`breakpoint()` beside a server that listens to Ctrl-C."""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["install_breakpoint"]


def install_breakpoint() -> None:
    """Have `breakpoint()` leave Ctrl-C to the server; pdb would keep it once it was used.

    What `PYTHONBREAKPOINT` or somebody else chose stays.
    """
    if "PYTHONBREAKPOINT" not in os.environ and sys.breakpointhook is sys.__breakpointhook__:
        sys.breakpointhook = _break


def _break(*_: Any, **__: Any) -> None:
    import pdb

    pdb.Pdb(nosigint=True).set_trace(sys._getframe(1))
