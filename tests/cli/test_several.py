"""Commands about several Workers: `-c one -c another`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flarelocal.cli import main

_CODE = """
from workers import DurableObject, Response, WorkerEntrypoint


class Counter(DurableObject):
    async def alarm(self):
        print("alarm of", self.env.NAME)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(self.env.NAME)

    async def queue(self, batch, env, ctx):
        print("batch for", self.env.NAME)

    async def scheduled(self, controller, env, ctx):
        print("cron of", self.env.NAME)
"""
_BOTH = ("-c", "one.json", "-c", "two.json")


def _configure(name: str, **config: Any) -> None:
    given = {
        "name": name,
        "main": "entry.py",
        "compatibility_date": "2026-06-01",
        "compatibility_flags": ["python_workers"],
        "vars": {"NAME": name},
        **config,
    }
    Path(f"{name}.json").write_text(json.dumps(given), "utf-8")


@pytest.fixture(autouse=True)
def _workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "entry.py").write_text(_CODE, "utf-8")
    _configure("one", triggers={"crons": ["0 6 * * *"]})
    _configure(
        "two",
        triggers={"crons": ["0 7 * * *"]},
        routes=["two.example.com/*"],
        queues={"consumers": [{"queue": "jobs"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, *_BOTH])


def test_check_looks_at_each_and_at_what_is_between_them() -> None:
    assert run("check").output == "All is well.\n"
    _configure("one", queues={"consumers": [{"queue": "jobs"}]})
    result = run("check")
    assert result.exit_code == 1
    assert 'Multiple consumers defined for queue "jobs": "one" and "two"' in result.output


def test_cron_list_says_whose_crons_there_are() -> None:
    lines = run("cron", "list").output.splitlines()
    assert [line.split()[:2] for line in lines] == [["worker", "cron"], ["one", "0"], ["two", "0"]]


def test_cron_run_finds_the_worker_that_has_the_cron() -> None:
    result = run("cron", "run", "0 7 * * *")
    assert result.exit_code == 0
    assert "cron of two" in result.output


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["fetch"], "one"),
        (["fetch", "http://two.example.com/"], "two"),
        (["fetch", "--worker", "two"], "two"),
        (["queue", "jobs", "1"], "batch for two"),
        (["scheduled", "0 7 * * *"], "cron of two"),
        (["scheduled"], "cron of one"),
        (["alarm", "Counter", "a"], "alarm of two"),
    ],
)
def test_trigger_finds_the_worker_that_is_meant(arguments: list[str], printed: str) -> None:
    result = run("trigger", *arguments)
    assert result.exit_code == 0, result.output
    assert printed in result.output


def test_trigger_knows_the_names_of_the_workers() -> None:
    result = run("trigger", "fetch", "--worker", "three")
    assert result.exit_code == 1
    assert "There is no Worker 'three': name one of one, two" in result.output


def test_the_state_is_beside_the_first_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "two.json").rename(tmp_path / "elsewhere" / "two.json")
    state = tmp_path / ".flarelocal" / "state"
    configs = ["-c", "one.json", "-c", "elsewhere/two.json"]
    arguments = ["queues", "create", "jobs", *configs]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert state.is_dir()
    assert not (tmp_path / "elsewhere" / ".flarelocal").exists()
