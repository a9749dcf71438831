"""The crons of a configuration: what Cloudflare refuses, and what their author may not expect."""

from __future__ import annotations

from flarelocal.check.findings import Findings
from flarelocal.config import Diagnostic, WorkerConfig
from flarelocal.cron import CronError, Expression, ScheduleError, compile_schedule

__all__ = ["check_crons"]


def check_crons(config: WorkerConfig, findings: Findings) -> None:
    """Check `triggers.crons`."""
    refused: dict[int, CronError] = {}
    try:
        compile_schedule(config.crons)
    except ScheduleError as error:
        refused = error.errors
    for index, text in enumerate(config.crons):
        at = config.where("triggers", "crons", index)
        if found := refused.get(index):
            findings.errors.append(Diagnostic(found.message, found.hint, *at))
            continue
        expression = Expression.parse(text)
        for hint in expression.hints():
            kind = findings.notes if hint == expression.note() else findings.warnings
            kind.append(Diagnostic(f'"{text}": {hint}', "", *at))
