"""Conditions on the object that is there (RFC 9110, "Preconditions"; `onlyIf` of R2)."""

from __future__ import annotations

from flarelocal.dataclass import dataclass

__all__ = ["Condition", "Etag"]


@dataclass(frozen=True, slots=True)
class Etag:
    """One that is asked for; `value` is None for the star, which stands for all."""

    value: str | None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be so of the object; times are in ms since 1970.

    Attributes:
        seconds: times are compared by the second.
    """

    etag_matches: tuple[Etag, ...] | None = None
    etag_does_not_match: tuple[Etag, ...] | None = None
    uploaded_before_ms: float | None = None
    uploaded_after_ms: float | None = None
    seconds: bool = False

    def holds(self, etag: str | None, uploaded_ms: int = 0) -> bool:
        """Whether the condition holds.

        Args:
            etag: of the object; None: there is none.
        """
        if etag is None:
            return self.etag_matches is None and self.uploaded_after_ms is None
        matches = self._matches(etag)
        differs = self._differs(etag)
        # A precondition about time counts only where there is none about the etag.
        after = self.etag_does_not_match is not None and differs
        before = self.etag_matches is not None and matches
        return (
            matches
            and differs
            and (after or self._uploaded_after(uploaded_ms))
            and (before or self._uploaded_before(uploaded_ms))
        )

    def _matches(self, etag: str) -> bool:
        return self.etag_matches is None or any(
            each.value is None or (each.value == etag and not each.weak)
            for each in self.etag_matches
        )

    def _differs(self, etag: str) -> bool:
        return self.etag_does_not_match is None or not any(
            each.value is None or each.value == etag for each in self.etag_does_not_match
        )

    def _uploaded_after(self, uploaded_ms: int) -> bool:
        limit = self.uploaded_after_ms
        return limit is None or self._unit(limit) < self._unit(uploaded_ms)

    def _uploaded_before(self, uploaded_ms: int) -> bool:
        limit = self.uploaded_before_ms
        return limit is None or self._unit(uploaded_ms) < self._unit(limit)

    def _unit(self, ms: float) -> float:
        return ms // 1000 if self.seconds else ms
