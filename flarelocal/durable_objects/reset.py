"""Why an object was destroyed."""

from __future__ import annotations

from flarelocal.dataclass import dataclass

__all__ = ["Reset"]


@dataclass(frozen=True, slots=True)
class Reset:
    """Why an object was destroyed.

    Attributes:
        cause: what callers get to see, as the cause of an `ObjectResetError`.
        by_worker: whether the Worker is at fault, rather than the runtime.
        retry_alarm: whether an alarm which was interrupted is run again.
        keep_sockets: whether the WebSockets which the object accepted stay connected.
    """

    cause: BaseException
    by_worker: bool
    retry_alarm: bool = True
    keep_sockets: bool = False
