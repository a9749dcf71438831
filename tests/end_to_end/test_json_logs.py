"""`flarelocal dev --json-logs`: every line of standard output is a JSON object."""

from __future__ import annotations

import json
from typing import Any

from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import DevProcess, run_dev
from tests.end_to_end.project import Project

_WORKER = """
from js import console
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        print("two\\nlines")
        console.error("from the console")
        if request.url.endswith("/broken"):
            raise ValueError("no page")
        return Response("fine")
"""


def _entries(server: DevProcess) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.log.splitlines()]


def test_entries_of_the_journal_are_objects(project: Project, serve: Serve) -> None:
    project.write(_WORKER)
    server = serve("--json-logs")

    server.client.get("/page")
    server.wait_for("invocation_finished", times=1)

    entries = _entries(server)
    kinds = [entry["kind"] for entry in entries]
    assert "ready" in kinds
    started = kinds.index("invocation_started")
    logged = ["logged", "logged", "logged"]
    assert kinds[started:] == ["invocation_started", *logged, "invocation_finished"]
    finished = entries[-1]
    assert (finished["subject"], finished["detail"]) == ("GET /page", "200")
    assert [entry["text"] for entry in entries[started + 1 : -1]] == [
        "two",
        "lines",
        "from the console",
    ]
    assert [each["sequence"] for each in entries[started:]] == sorted(
        each["sequence"] for each in entries[started:]
    )


def test_an_error_is_in_the_entry(project: Project, serve: Serve) -> None:
    project.write(_WORKER)
    server = serve("--json-logs")

    server.client.get("/broken")
    server.wait_for("invocation_finished")

    assert "ValueError: no page" in _entries(server)[-1]["error"]


def test_a_server_that_does_not_start_says_so_in_json(project: Project) -> None:
    project.write("import nothing_of_that_name\n")

    failed = run_dev(project.directory, "--json-logs")

    last = json.loads(failed.stdout.splitlines()[-1])
    assert (failed.returncode, last["kind"]) == (1, "fatal")
    assert "nothing_of_that_name" in last["text"]
