"""`flarelocal cron`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flarelocal.cli import main
from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("")

    async def scheduled(self, controller, env, ctx):
        print("fired", controller.cron, int(controller.scheduledTime))
        if controller.cron == "0 0 1 * *":
            raise ValueError("first of the month")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    project.configure(triggers={"crons": ["*/30 * * * *", "0 9 * * 1"]})
    project.write(_WORKER)
    monkeypatch.chdir(project.directory)
    return project


def _cron(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cron", *arguments])


def test_explain_says_an_expression_in_words_and_lists_its_next_fires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = _cron("explain", "0 9 * * 1", "--from", "2026-11-20")

    assert result.exit_code == 0
    assert result.output.startswith("At 09:00 on Sunday (UTC).\n")
    assert "1 is Sunday here" in result.output
    assert "Sun 2026-11-22 09:00 UTC" in result.output
    assert result.output.count("09:00 UTC") == 10


def test_explain_refuses_what_cloudflare_refuses_with_a_hint() -> None:
    result = _cron("explain", "0 9 * * 0")

    assert result.exit_code == 1
    assert "invalid cron string: 0 9 * * 0" in result.output
    assert "1 = Sunday" in result.output


def test_explain_tells_programs_the_reason() -> None:
    result = _cron("explain", "@daily", "--json")

    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["valid"], answer["reason"]) == (False, "unsupported")
    assert "0 0 * * *" in answer["hint"]


def test_explain_says_that_an_expression_never_fires() -> None:
    result = _cron("explain", "0 0 31 2 *")

    assert result.exit_code == 0
    assert "It never fires." in result.output


@pytest.mark.usefixtures("project")
def test_list_shows_the_crons_of_the_config() -> None:
    result = _cron("list", "--from", "2026-11-20T10:10")

    assert "*/30 * * * *  Fri 2026-11-20 10:30 UTC  Every 30 minutes." in result.stdout
    assert "0 9 * * 1: 1 is Sunday here" in result.stderr


@pytest.mark.usefixtures("project")
def test_next_lists_the_fires_of_all_crons_in_order() -> None:
    result = _cron("next", "-n", "3", "--from", "2026-11-22T08:30", "--json")

    assert [fire["cron"] for fire in json.loads(result.stdout)] == [
        "*/30 * * * *",
        "0 9 * * 1",
        "*/30 * * * *",
    ]


@pytest.mark.usefixtures("project")
def test_run_fires_a_cron_in_this_process_when_no_server_runs() -> None:
    result = _cron("run", "*/30 * * * *", "--at", "2026-01-01T00:30")

    assert (result.exit_code, result.stdout) == (0, "ok\n")
    assert "fired */30 * * * * 1767227400000" in result.stderr


@pytest.mark.usefixtures("project")
def test_run_fails_when_the_handler_does() -> None:
    result = _cron("run", "0 0 1 * *", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"outcome": "exception", "noRetry": False}
    assert "ValueError: first of the month" in result.stderr


@pytest.mark.usefixtures("project")
def test_run_reaches_the_server_that_works_on_the_state(serve: Serve) -> None:
    server = serve()

    result = _cron("run", "0 9 * * 1", "--at", "1767225600000")

    assert (result.exit_code, result.output) == (0, "ok\n")
    server.wait_for("fired 0 9 * * 1 1767225600000")


@pytest.mark.parametrize("time", ["tomorrow", "12", "2026-13-01"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    result = _cron("explain", "* * * * *", "--from", time)

    assert result.exit_code == 2
    assert "is no time: write 2026-12-24T09:00" in result.output
