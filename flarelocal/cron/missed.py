"""What becomes of runs that were missed."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["MissedPolicy"]


class MissedPolicy(StrEnum):
    """What to do about fire times that passed while the process or the machine was asleep.

    Cloudflare documents no guarantee; `SKIP` is what a Worker must be able to live with.
    """

    SKIP = "skip"
    """Leave them out."""
    ONCE = "once"
    """Run each cron once, for the latest of its missed times."""
    ALL = "all"
    """Run each cron for each of its missed times, in order and one after the other."""
