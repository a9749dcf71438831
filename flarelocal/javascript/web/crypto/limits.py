"""How much work a program may ask for at once."""

from __future__ import annotations

from contextvars import ContextVar

__all__ = ["most_iterations"]

most_iterations: ContextVar[int | None] = ContextVar("most_iterations", default=100_000)
"""How many iterations PBKDF2 may take; None: any number.

The default is production's (workerd, io/limit-enforcer.h); the local runtime has no limit.
"""
