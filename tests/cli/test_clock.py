"""`flarelocal clock`, on a server that runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flarelocal.cli import main
from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_HOUR = 3_600_000
_WORKER = """
import time
from datetime import datetime

from js import Date
from workers import DurableObject, Response, WorkerEntrypoint


def at():
    return Date.new().toISOString()[8:16]


class Bell(DurableObject):
    async def fetch(self, request):
        await self.ctx.storage.setAlarm(Date.now() + 2 * 3_600_000)
        return Response("")

    async def alarm(self):
        print("alarm", at())


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/python"):
            shown = Date.now(), time.time() * 1000, datetime.now().timestamp() * 1000
            return Response(" ".join(str(int(each)) for each in shown))
        await self.env.BELL.getByName("b").fetch("http://bell/")
        await self.env.JOBS.send("later", delaySeconds=3600)
        return Response(at())

    async def queue(self, batch, env, ctx):
        message = batch.messages[0]
        print("message", message.attempts, at())
        if message.attempts == 1:
            message.retry(delaySeconds=5400)

    async def scheduled(self, controller, env, ctx):
        print("cron", at())
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    project.configure(
        triggers={"crons": ["30 12 * * *"]},
        queues={
            "producers": [{"binding": "JOBS", "queue": "jobs"}],
            "consumers": [{"queue": "jobs", "max_batch_timeout": 5}],
        },
        durable_objects={"bindings": [{"name": "BELL", "class_name": "Bell"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Bell"]}],
    )
    project.write(_WORKER)
    monkeypatch.chdir(tmp_path)
    return project


def _clock(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["clock", *arguments])


def _json(*arguments: str) -> Any:
    result = _clock(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_jump_fires_everything_on_the_way_in_order(serve: Serve) -> None:
    server = serve()
    _clock("pause")
    _clock("jump-to", "2030-05-01T12:00")
    assert server.client.get("/").text == "01T12:00"

    moved = _json("jump", "+3h")

    lines = [line for line in server.log.splitlines() if line.startswith(("cron", "alarm", "mess"))]
    assert lines[-4:] == [
        "cron 01T12:30",
        "message 1 01T13:00",
        "alarm 01T14:00",
        "message 2 01T14:30",
    ]
    assert moved["fired"] == {
        "scheduled 30 12 * * *": 1,
        "queue jobs": 2,
        "alarm Bell(b)": 1,
    }
    assert moved["now"] == 1903878000000


def test_python_shows_the_time_that_javascript_shows(serve: Serve) -> None:
    server = serve()
    _clock("pause")

    for arguments in (["jump-to", "2030-05-01T12:00:00.123"], ["jump", "-1d"], ["jump", "90m"]):
        now = _json(*arguments)["now"]
        assert server.client.get("/python").text == f"{now} {now} {now}"


def test_next_moves_to_what_fires_next(serve: Serve) -> None:
    server = serve()
    _clock("pause")
    _clock("jump-to", "2030-05-01T12:00")

    result = _clock("next")

    assert result.stdout.startswith("Wed 2030-05-01 12:30 UTC, ")
    assert "fired scheduled 30 12 * * *\n" in result.stdout
    assert "Thu 2030-05-02 12:30 UTC" in result.stdout
    server.wait_for("cron 01T12:30")


def test_what_is_ahead_fires_again_after_a_jump_back(serve: Serve) -> None:
    server = serve()
    _clock("pause")
    _clock("jump-to", "2030-05-01T12:00")
    assert _json("jump", "1h")["fired"] == {"scheduled 30 12 * * *": 1}

    assert _json("jump", "-1h")["fired"] == {}
    assert _json("jump", "1h")["fired"] == {"scheduled 30 12 * * *": 1}
    server.wait_for("cron 01T12:30", times=2)


def test_a_clock_is_paused_resumed_and_reset(serve: Serve) -> None:
    serve()

    paused = _json("pause")
    assert (paused["paused"], _json("show")["now"]) == (True, paused["now"])
    assert _json("jump", "2h")["offset"] > _HOUR
    resumed = _json("resume")
    assert (resumed["paused"], resumed["offset"] > _HOUR) == (False, True)
    reset = _json("reset")
    assert (reset["paused"], reset["offset"]) == (False, 0)


def test_the_clock_says_how_far_it_is_ahead(serve: Serve) -> None:
    serve()

    assert ", 1d 2h ahead\n" in _clock("jump", "1d2h").stdout
    assert ", 1h behind\n" in _clock("jump", "-27h").stdout


def test_without_a_server_there_is_no_clock() -> None:
    result = _clock("show")

    assert result.exit_code == 1
    assert "No server runs here: start flarelocal dev" in result.output


@pytest.mark.parametrize("span", ["soon", "3", "3 hours", ""])
def test_a_span_that_is_none_is_refused(span: str) -> None:
    result = _clock("jump", span)

    assert result.exit_code == 2
    assert "is no time span: write +3h" in result.output


def test_the_endpoints_say_what_is_wrong(serve: Serve) -> None:
    server = serve()
    path = "/cdn-cgi/local/clock"

    for status, method, action, body in (
        (405, "GET", "/jump", None),
        (404, "POST", "/stop", {}),
        (400, "POST", "/jump", {}),
        (400, "POST", "/jump", {"by": "3h"}),
        (400, "POST", "/jump-to", {"to": 10**17}),
    ):
        response = server.client.request(method, path + action, json=body)
        assert (response.status_code, "error" in response.json()) == (status, True)


def test_pages_of_other_sites_cannot_move_the_clock(serve: Serve) -> None:
    server = serve()

    response = server.client.post(
        "/cdn-cgi/local/clock/pause", headers={"Origin": "https://evil.example"}
    )

    assert response.status_code == 403
    assert _json("show")["paused"] is False
