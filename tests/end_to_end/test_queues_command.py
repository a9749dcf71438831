"""`flarelocal queues` beside a running server."""

import json
import subprocess
import sys
from typing import Any

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
    from workers import WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def queue(self, batch, env, ctx):
            for message in batch.messages:
                print("consumed", message.body)
"""


def queues(project: Project, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "flarelocal", "queues", *arguments, "--json"],
        cwd=project.directory,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_running_server_is_found_and_asked(project: Project, serve: Serve) -> None:
    project.configure(
        queues={
            "producers": [{"binding": "LOG", "queue": "log"}],
            "consumers": [{"queue": "work", "max_batch_timeout": 0}],
        }
    )
    project.write(_WORKER)
    server = serve()

    queues(project, "pause", "work")
    assert queues(project, "send", "work", '"a message"') == {"sent": 1}
    [log, work] = queues(project, "list")

    assert log["producers"] == [{"type": "worker", "script": "tested"}]
    assert work["consumers"][0]["script_name"] == "tested"
    assert work["local"]["ready"] == 1
    assert "consumed" not in server.log
    queues(project, "resume", "work")
    server.wait_for("consumed a message")

    server.kill()
    assert queues(project, "info", "work")["local"]["ready"] == 0
