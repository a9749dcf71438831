"""`flarelocal d1`, `kv` and `r2` beside a running server, and Cloudflare's REST API of it."""

import json
import subprocess
import sys
from typing import Any

import httpx2

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            row = await self.env.DB.prepare("SELECT name FROM job").first()
            self.env.EVENTS.writeDataPoint({"blobs": [row.name]})
            file = await self.env.FILES.get("a/b")
            return Response(f"{row.name} {await self.env.KV.get('key')} {await file.text()}")
"""
_CONFIG: dict[str, Any] = {
    "d1_databases": [{"binding": "DB", "database_name": "jobs", "database_id": "id-1"}],
    "kv_namespaces": [{"binding": "KV", "id": "cache"}],
    "r2_buckets": [{"binding": "FILES", "bucket_name": "files"}],
    "analytics_engine_datasets": [{"binding": "EVENTS", "dataset": "events"}],
}


def run(project: Project, *arguments: str, input: str | None = None) -> str:
    return subprocess.run(
        [sys.executable, "-m", "flarelocal", *arguments],
        cwd=project.directory,
        input=input,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_what_commands_change_the_worker_sees(project: Project, serve: Serve) -> None:
    project.configure(**_CONFIG)
    project.write(_WORKER)
    url = serve().url
    sql = "CREATE TABLE job (name TEXT); INSERT INTO job VALUES ('export')"
    run(project, "d1", "execute", "jobs", "--command", sql)
    run(project, "kv", "key", "put", "key", "value", "--binding", "KV")
    run(project, "r2", "object", "put", "files/a/b", "--pipe", input="content")
    with httpx2.Client(base_url=url) as client:
        assert client.get("/").text == "export value content"
        account = "/client/v4/accounts/any"
        asked = {"sql": "SELECT name, ? AS given FROM job", "params": [5]}
        answer = client.post(f"{account}/d1/database/id-1/raw", json=asked).json()
        assert answer["result"][0]["results"] == {
            "columns": ["name", "given"],
            "rows": [["export", 5]],
        }
        refused = client.post(f"{account}/d1/database/jobs/query", json={"sql": "SELEC"})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, 7500)
        assert client.get(f"{account}/d1/database/other").status_code == 404
        found = client.post(f"{account}/analytics_engine/sql", content="SELECT blob1 FROM events")
        assert found.json()["data"] == [{"blob1": "export"}]
    keys = json.loads(run(project, "kv", "key", "list", "--namespace-id", "cache"))
    assert keys == [{"name": "key"}]


def test_large_objects_go_to_the_server_and_come_back(project: Project, serve: Serve) -> None:
    project.configure(**_CONFIG)
    project.write(_WORKER)
    serve()
    (project.directory / "in").write_bytes(bytes(range(256)) * 10_000)
    run(project, "r2", "object", "put", "files/large", "--file", "in")
    assert "Wrote" in run(project, "r2", "object", "get", "files/large", "--file", "out")
    assert (project.directory / "out").read_bytes() == (project.directory / "in").read_bytes()


_CACHING = """
    from js import caches
    from workers import Response, WorkerEntrypoint

    numbers = iter("123")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            found = await caches.default.match(request.url)
            if found is None:
                found = Response(next(numbers), headers={"cache-control": "max-age=60"})
                await caches.default.put(request.url, found.js_object.clone())
            return found
"""


def test_the_cache_of_a_running_worker_is_purged(project: Project, serve: Serve) -> None:
    project.write(_CACHING)
    server = serve()
    assert [server.client.get("/").text for _ in range(2)] == ["1", "1"]

    [gone] = server.client.delete("/cdn-cgi/local/cache").json()

    assert (gone["key"], gone["cache"], gone["status"]) == (f"{server.url}/", None, 200)
    assert server.client.get("/").text == "2"
