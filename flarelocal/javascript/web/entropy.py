"""Where random bytes come from."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["current_entropy"]

current_entropy: ContextVar[Callable[[int], bytes]] = ContextVar("entropy", default=os.urandom)
"""Where the present invocation gets its random bytes from."""
