"""How many batches of one queue are with its consumer at the same time."""

from __future__ import annotations

from collections import deque

__all__ = ["Scale"]

_MOST = 250
_MEMORY = 10
_ROUNDS = 4


class Scale:
    """Adjusts the concurrency of a consumer after each batch ("Consumer concurrency").

    It begins with one. It grows by one when the backlog is more than what the batches under way
    could take again (without `max_concurrency`: four times over), and shrinks by one when the
    backlog leaves some of them nothing, or when more than half of the last ten invocations
    failed. A retry that the handler asks for is no failure.

    Args:
        max_concurrency: the most it may become; None: production's 250.
        batch_size: how many messages one batch takes.
    """

    def __init__(self, max_concurrency: int | None, batch_size: int) -> None:
        self.allowed = 1
        self._most = max_concurrency or _MOST
        self._rounds = _ROUNDS if max_concurrency is None else 1
        self._batch_size = batch_size
        self._failures: deque[bool] = deque(maxlen=_MEMORY)

    def adjust(self, backlog: int, *, failed: bool) -> None:
        """Take a finished batch into account; `backlog` is what is waiting now."""
        self._failures.append(failed)
        failing = 2 * sum(self._failures) > len(self._failures)
        batches = backlog / self._batch_size
        if failing or batches < self.allowed - 1:
            self.allowed = max(1, self.allowed - 1)
        elif batches > self.allowed * self._rounds:
            self.allowed = min(self._most, self.allowed + 1)
