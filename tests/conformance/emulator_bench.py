"""The bench of the whole product: an emulator that runs the fixture worker."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

from flarelocal.clock import VirtualClock
from flarelocal.config import WorkerConfig, load_config
from flarelocal.emulator import Emulator
from flarelocal.emulator import Program as WorkerProgram
from flarelocal.javascript.clone import serialize
from flarelocal.queues import Batch, ContentType, Message, Metrics
from flarelocal.server.app import App
from flarelocal.worker.invocation import Invocation
from tests.conformance.bench import Answer, Program
from tests.conformance.code import FixtureCode
from tests.conformance.fixture import Fixture
from tests.conformance.realm import Realm
from tests.conformance.values import decode

__all__ = ["EmulatorBench"]

_HOST = "127.0.0.1:8787"
_DATE = "2026-11-17"
"""The compatibility date of the recordings."""


class _FixtureProgram(WorkerProgram):
    """A program whose code is the fixture worker."""

    fixture: Fixture

    async def load(self, invocation: Invocation) -> None:
        self.fixture.env = self.scope.env
        self.code = FixtureCode(self.fixture)


class EmulatorBench:
    """Bindings, objects, queues and crons, in memory and on a virtual clock."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.realm = Realm()

    async def open(self, fixture: Fixture) -> None:
        self._fixture = fixture
        self._program = _FixtureProgram(_config(json.dumps(fixture.case.config, sort_keys=True)))
        self._program.fixture = fixture
        self._emulator = Emulator(self._program, clock=self.clock, seed=1, crons=False)
        await self._emulator.start()
        self._app = App(self._emulator, _HOST)

    async def run(self, program: Program) -> None:
        self._fixture.waiting.append(program)
        await self._emulator.fetch(self.realm.new("Request", "http://fixture.example/program"))

    async def http(self, request: dict[str, Any]) -> Answer:
        path, _, query = request["url"].partition("?")
        headers = {"host": _HOST, **request.get("headers", {})}
        scope = {
            "type": "http",
            "scheme": "http",
            "method": request.get("method", "GET"),
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
        body = request.get("body", "").encode()
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        [start] = [message for message in sent if message["type"] == "http.response.start"]
        seen = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        whole = b"".join(message.get("body", b"") for message in sent if message is not start)
        return Answer(start["status"], seen.get("content-type"), whole)

    async def dispatch_queue(self, queue: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        scene = self._fixture.scene({})
        batch = Batch(
            queue,
            tuple(
                Message(
                    each["id"],
                    each["timestamp"],
                    each["attempts"],
                    ContentType.V8,
                    serialize(decode(each["body"], scene)),
                )
                for each in messages
            ),
            Metrics(0, 0, None),
        )
        verdict = await self._emulator.dispatch_queue(batch)
        ids = [each["id"] for each in messages]
        return {
            "outcome": verdict.outcome,
            "ackAll": verdict.ack_all,
            "retryBatch": _delayed({"retry": verdict.retry_all}, verdict.retry_all_delay_s),
            "explicitAcks": [id for id in ids if id in verdict.explicit_acks],
            "retryMessages": [
                _delayed({"msgId": id}, delay_s) for id, delay_s in verdict.retries.items()
            ],
        }

    async def dispatch_scheduled(self, cron: str, time_ms: int | None) -> dict[str, Any]:
        outcome = await self._emulator.scheduled(cron, time_ms)
        return {"outcome": outcome.outcome, "noRetry": outcome.no_retry}

    async def close(self) -> None:
        await self._emulator.stop()
        self._program.close()


def _delayed(report: dict[str, Any], delay_s: int | None) -> dict[str, Any]:
    return report if delay_s is None else {**report, "delaySeconds": delay_s}


@functools.cache
def _config(text: str) -> WorkerConfig:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "worker.py").touch()
        path = Path(directory) / "wrangler.json"
        given = {
            "name": "fixture",
            "main": "worker.py",
            "compatibility_date": _DATE,
            "compatibility_flags": ["python_workers"],
        }
        path.write_text(json.dumps(given | json.loads(text)), "utf-8")
        return load_config(path, process_env={}).config
