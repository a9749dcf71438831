"""`flarelocal do` beside a running server."""

import json
import subprocess
import sys
from typing import Any

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
    from workers import DurableObject, Response, WorkerEntrypoint


    class Counter(DurableObject):
        async def count(self):
            count = (await self.ctx.storage.get("count") or 0) + 1
            await self.ctx.storage.put("count", count)
            return count

        async def alarm(self, info):
            print("rang", self.ctx.id.name)


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(str(await self.env.COUNTER.getByName("a b").count()))
"""


def do(project: Project, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "flarelocal", "do", *arguments, "--json"],
        cwd=project.directory,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_objects_of_the_running_server_are_seen_and_steered(
    project: Project, serve: Serve
) -> None:
    project.configure(
        durable_objects={"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
    )
    project.write(_WORKER)
    server = serve()
    server.client.get("/")

    [listed] = do(project, "list")
    assert (listed["name"], listed["running"]) == ("a b", True)
    do(project, "alarm", "Counter", "a b", "--set", "+1h")
    assert do(project, "alarm", "Counter", "a b", "--run") == {"outcome": "ok", "alarm": None}
    server.wait_for("rang a b")
    do(project, "evict", "Counter", "a b")
    assert server.client.get("/").text == "2"

    server.kill()
    [entry] = do(project, "storage", "Counter", "a b")["entries"]
    assert (entry["key"], entry["value"]) == ("count", 2)
