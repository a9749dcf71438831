"""The Worker, served by `flarelocal dev`, and somebody to receive its webhooks."""

import json
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

EXAMPLE = Path(__file__).parent.parent


class Receiver:
    """An HTTP server that remembers what it got, and answers with the statuses it was told."""

    def __init__(self):
        self.received = []
        self._statuses = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                key = self.headers["idempotency-key"]
                receiver.received.append((self.path, key, json.loads(body)))
                statuses = receiver._statuses.get(self.path, [200])
                self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def will_answer(self, path, *statuses):
        """Answer with these, one after the other; the last one stays."""
        self._statuses[path] = list(statuses)

    def bodies(self, path):
        return [body for where, _, body in self.received if where == path]

    def keys(self, path):
        return [key for where, key, _ in self.received if where == path]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Server:
    """`flarelocal dev` on a copy of the example that does not wait for batches to fill."""

    def __init__(self, directory, **variables):
        shutil.copytree(EXAMPLE / "src", directory / "src")
        config = (EXAMPLE / "wrangler.jsonc").read_text()
        config = config.replace('"max_batch_timeout": 1', '"max_batch_timeout": 0')
        (directory / "wrangler.jsonc").write_text(config)
        ready = directory / "ready.json"
        options = ["--port=0", f"--ready-file={ready}", "--no-reload"]
        options += [f"--var={name}:{value}" for name, value in variables.items()]
        self._log = directory / "dev.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flarelocal", "dev", *options],
                cwd=directory,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.until(ready.exists)
        self.http = httpx2.Client(base_url=json.loads(ready.read_text())["url"])

    def until(self, condition):
        """Wait until something holds, and give it."""
        end = time.monotonic() + 20
        while not (found := condition()):
            assert self._process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.02)
        return found

    def submit(self, kind, payload, key=None):
        """Submit a job, and give its id."""
        headers = {"idempotency-key": key} if key else {}
        response = self.http.post("/jobs", json={"type": kind, "payload": payload}, headers=headers)
        assert response.status_code == 202
        assert response.headers["location"] == f"/jobs/{response.json()['id']}"
        return response.json()["id"]

    def job(self, job_id, status):
        """The record of a job, once it has that status."""

        def found():
            job = self.http.get(f"/jobs/{job_id}").json()
            return job if job.get("status") == status else None

        return self.until(found)

    def export(self, export_id, status):
        """The state of an export, once it has that status."""

        def found():
            state = self.http.get(f"/exports/{export_id}").json()
            return state if state.get("status") == status else None

        return self.until(found)

    def fire(self, cron, time_ms):
        """Fire a cron by hand."""
        query = {"cron": cron, "time": time_ms}
        response = self.http.get("/cdn-cgi/local/scheduled", params=query)
        assert (response.status_code, response.text) == (200, "ok")

    @property
    def log(self):
        return self._log.read_text()

    def close(self):
        self.http.close()
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="session")
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def server(receiver, tmp_path_factory):
    """The Worker, trying again without a delay."""
    made = Server(
        tmp_path_factory.mktemp("worker"),
        RETRY_BASE_SECONDS=0,
        ALERT_WEBHOOK=f"{receiver.url}/alerts",
    )
    yield made
    made.close()


@pytest.fixture
def serve(tmp_path):
    """The Worker with other variables."""
    started = []

    def start(**variables):
        started.append(Server(tmp_path, **variables))
        return started[-1]

    yield start
    for each in started:
        each.close()
