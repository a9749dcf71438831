"""`flarelocal check`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from flarelocal.cli.display import Display
from flarelocal.cli.project import Project, on_project

if TYPE_CHECKING:
    from flarelocal.config import Diagnostic, WorkerConfig

__all__ = ["command"]


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@on_project
def command(project: Project, as_json: bool) -> None:
    """Check configs and code without starting anything.

    Of several Workers also whether they fit together. The exit code is 1 if there are errors, 0 if
    there are only warnings.
    """
    from flarelocal.check import Findings, check_code, check_crons
    from flarelocal.config import ConfigError
    from flarelocal.config.peers import check_peers

    findings = Findings()
    configs = []
    for index in range(project.size):
        config: WorkerConfig | None
        try:
            config, warnings, *_ = project.load_one(index)
            configs.append(config)
        except ConfigError as error:
            findings.errors += error.diagnostics
            config, warnings = error.rest, error.warnings
        findings.warnings += warnings
        if config is not None:
            check_crons(config, findings)
            check_code(config, findings)
    findings.errors += check_peers(configs)
    display = Display(as_json)
    if as_json:
        display.json(
            {
                "ok": not findings.errors,
                "errors": _listed(findings.errors),
                "warnings": _listed(findings.warnings),
                "notes": _listed(findings.notes),
            }
        )
    else:
        _tell("Error", "red", findings.errors)
        _tell("Warning", "yellow", findings.warnings)
        _tell("Note", "cyan", findings.notes)
        click.echo(_summary(len(findings.errors), len(findings.warnings)))
    raise SystemExit(bool(findings.errors))


def _tell(kind: str, colour: str, diagnostics: Iterable[Diagnostic]) -> None:
    for each in diagnostics:
        click.echo(f"{click.style(kind, fg=colour)}: {each}")


def _summary(errors: int, warnings: int) -> str:
    def counted(number: int, noun: str) -> str:
        return f"{number} {noun}{'s' * (number != 1)}"

    if not errors and not warnings:
        return "All is well."
    return f"{counted(errors, 'error')}, {counted(warnings, 'warning')}."


def _listed(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    return [
        {
            "message": each.message,
            "fix": each.fix or None,
            "file": str(each.file) if each.file else None,
            "line": each.line,
            "column": each.column,
        }
        for each in diagnostics
    ]
