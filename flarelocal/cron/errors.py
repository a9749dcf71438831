"""What Cloudflare refuses, and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CronError", "ScheduleError"]


class CronError(ValueError):
    """An expression that Cloudflare would refuse when the Worker is deployed.

    Attributes:
        text: the expression as configured.
        reason: `whitespace`, `unsupported`, `field-count`, `case`, `not-alone`, `name`, `range`,
            `step`, `syntax`; in a list of crons also `duplicate` and `too-many`.
        message: what Cloudflare answers.
        hint: how to put it right.
    """

    def __init__(self, text: str, reason: str, hint: str, message: str | None = None) -> None:
        self.text = text
        self.reason = reason
        self.hint = hint
        self.message = message or f"invalid cron string: {text} [code: 10100]"
        super().__init__(f"{self.message}: {hint}")


class ScheduleError(ValueError):
    """A list of crons with which Cloudflare would refuse the deployment.

    Attributes:
        errors: what is wrong, by the index in the list.
    """

    def __init__(self, errors: Mapping[int, CronError]) -> None:
        self.errors = dict(errors)
        lines = [f"  crons[{index}]: {error}" for index, error in self.errors.items()]
        super().__init__("\n".join(["Cloudflare would refuse to deploy these crons:", *lines]))
