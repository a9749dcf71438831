"""Rate limits: how often something may happen within a span of time."""

from __future__ import annotations

from flarelocal.clock import Clock

__all__ = ["RateLimits"]


class RateLimits:
    """Counts calls by key, in spans that begin with the wall clock's, as the service does.

    Bindings with the same namespace and period share their counts, whatever their limits.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spans: dict[tuple[str, int], tuple[int, dict[str, int]]] = {}

    def allow(self, namespace: str, key: str, limit: float, period_s: int) -> bool:
        """Count a call, unless there were `limit` of them within the present span."""
        now = self._clock.now() // (period_s * 1000)
        span, counts = self._spans.get((namespace, period_s), (now, {}))
        if span != now:
            counts = {}
        self._spans[namespace, period_s] = (now, counts)
        count = counts.get(key, 0)
        if count >= limit:
            return False
        counts[key] = count + 1
        return True
