"""Drives the fixture Worker, or a case's own Worker, and reports what was seen."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

from flarelocal.clock import SystemClock
from flarelocal.emulator import Emulator, StartError
from flarelocal.javascript import json as javascript_json
from flarelocal.javascript.clone import serialize
from flarelocal.pyodide.traceback import format_error
from flarelocal.queues import Batch, ContentType, Message, Metrics, Verdict
from flarelocal.server.app import App
from flarelocal.worker.events import Logged
from tests.conformance.python.cases import Case
from tests.conformance.python.client import Answer, request

__all__ = ["Driver", "startup_error"]

Json = dict[str, Any]

_HEADERS = ("content-type", "location", "set-cookie", "x-a", "x-b")
_FATAL = "Python worker fatal error: .*$"
_PATIENCE = 200


class Driver:
    """Runs cases on an emulator whose clock can be moved ahead."""

    def __init__(self, emulator: Emulator, clock: SystemClock) -> None:
        self._emulator = emulator
        self._clock = clock
        self._app = App(emulator, "127.0.0.1:8787")
        self._logs: list[Logged] = []
        emulator.journal.subscribe(self._note)

    def _note(self, entry: Any) -> None:
        if isinstance(entry.event, Logged):
            self._logs.append(entry.event)

    async def outcome(self, case: Case) -> Json:
        """Run a case; gives what `expect` is compared with."""
        if case.where == "worker":
            return {"events": await self._events(case)}
        if case.where in ("fetch", "object"):
            found = await self._run(case)
        elif case.where == "alarm":
            found = await self._alarm(case)
        else:
            found = await self._handler(case)
        if case.after is not None:
            await self._pass(case.after.get("wait", 0))
            found["after"] = await self._code("after", case.after["code"])
        if case.logs:
            found["logs"] = self._take_logs()
        return found

    # -- the fixture

    async def _run(self, case: Case) -> Json:
        await self._post(
            "_store",
            {"id": case.key, "where": case.where, "code": case.code, "raw": case.raw},
        )
        answer = await self._send(case.http, {"x-case": case.key})
        if case.raw or answer.status != 200:
            return _fatal(answer) or {"http": _http(answer)}
        found: Json = json.loads(answer.body)
        return found

    async def _code(self, name: str, code: list[str]) -> Json:
        await self._post("_store", {"id": name, "where": "fetch", "code": code})
        found: Json = json.loads((await self._send({}, {"x-case": name})).body)
        return found

    async def _alarm(self, case: Case) -> Json:
        await self._post("_store", {"id": case.key, "where": "alarm", "scripts": _scripts(case)})
        await self._send({}, {"x-case": case.key})
        return {"reports": await self._reports(case)}

    async def _handler(self, case: Case) -> Json:
        await self._post("_script", {"kind": case.where, "scripts": _scripts(case)})
        found: Json = {}
        if case.setup is not None:
            setup = await self._code("setup", case.setup)
            if setup != {"result": None, "type": "NoneType"}:
                found["setup"] = setup
        if case.event is not None:
            dispatch = self._queue if case.where == "queue" else self._scheduled
            found["outcome"] = await dispatch(case.event)
        found["reports"] = await self._reports(case)
        return found

    async def _reports(self, case: Case) -> list[Json]:
        """The outcomes of the runs of a handler; time goes on until they are there."""
        for _ in range(_PATIENCE):
            answer = await self._post("_reports", case.key)
            reports: list[Json] = json.loads(answer.body)
            if len(reports) >= case.count:
                return reports
            await self._clock.idle()
            upcoming = self._clock.upcoming()
            if upcoming:
                await self._clock.jump(max(0, int(upcoming[0].when_ms) - self._clock.now()))
            await asyncio.sleep(0.001)
        return reports

    async def _post(self, path: str, value: Any) -> Answer:
        body = json.dumps(value).encode()
        return await request(self._app, "POST", f"/{path}", {}, body)

    async def _send(self, http: Json, headers: dict[str, str]) -> Answer:
        body = http.get("body")
        data = None if body is None else body.encode()
        if "body_base64" in http:
            data = base64.b64decode(http["body_base64"])
        path = f"/run/{http.get('path', '')}"
        headers = {**headers, **http.get("headers", {})}
        return await request(self._app, http.get("method", "GET"), path, headers, data)

    # -- a Worker of its own

    async def _events(self, case: Case) -> list[Json]:
        outcomes = []
        for event in case.events:
            found = await self._event(event)
            if case.logs and "fatal" not in found:
                found["logs"] = self._take_logs()
            outcomes.append(found)
            if "fatal" in found:
                break
        return outcomes

    async def _event(self, event: Json) -> Json:
        [(kind, given)] = event.items()
        if kind == "wait":
            await self._pass(given)
            return {}
        if kind == "queue":
            return await self._queue(given)
        if kind == "scheduled":
            return await self._scheduled(given)
        path = f"/{given.get('path', '')}"
        answer = await request(self._app, given.get("method", "GET"), path, {}, None)
        await self._pass(0)
        return _fatal(answer) or _http(answer)

    async def _pass(self, time_ms: int) -> None:
        await self._clock.idle()
        await self._clock.jump(time_ms)
        await self._clock.idle()

    # -- events that come from no server

    async def _queue(self, event: Json) -> Json:
        messages = tuple(
            Message(
                each["id"],
                each["timestamp"],
                each["attempts"],
                ContentType.V8,
                serialize(javascript_json.from_data(each["body"])),
            )
            for each in event["messages"]
        )
        batch = Batch(event.get("queue", "q"), messages, Metrics(0, 0, None))
        return _reported(await self._emulator.dispatch_queue(batch), messages)

    async def _scheduled(self, event: Json) -> Json:
        outcome = await self._emulator.scheduled(event.get("cron", ""), event["time"])
        return {"outcome": outcome.outcome, "noRetry": outcome.no_retry}

    def _take_logs(self) -> dict[str, list[str]]:
        taken, self._logs = self._logs, []
        return {
            stream: [
                line for each in taken if each.stream == stream for line in each.text.split("\n")
            ]
            for stream in ("stdout", "stderr")
        }


def startup_error(error: StartError) -> Json:
    """What is seen of a Worker that did not start."""
    loading = error.__cause__
    assert loading is not None
    assert loading.__cause__ is not None
    text = f"Uncaught Error: PythonError: {format_error(loading.__cause__)}"
    lines = [line for line in text.split("\n") if line.strip()]
    return {"startup_error": {"first_line": lines[0], "last_line": lines[-1]}}


def _scripts(case: Case) -> list[Json]:
    return [{"id": case.key, "code": code, "returns": case.returns} for code in case.scripts]


def _http(answer: Answer) -> Json:
    if answer.status == 500:
        lines = [line for line in answer.body.decode().split("\n") if line.strip()]
        found = {"status": 500, "first_line": lines[0]}
        return found if len(lines) == 1 else {**found, "last_line": lines[-1]}
    headers: Json = {}
    for name, value in answer.headers:
        if name == "set-cookie":
            headers.setdefault(name, []).append(value)
        elif name in _HEADERS:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    try:
        body: Any = answer.body.decode()
    except UnicodeDecodeError:
        body = {"$bytes": base64.b64encode(answer.body).decode()}
    return {"status": answer.status, "headers": headers, "body": body}


def _fatal(answer: Answer) -> Json | None:
    found = re.search(_FATAL, answer.body.decode("utf-8", "replace"), re.MULTILINE)
    return {"fatal": found[0]} if found and answer.status == 500 else None


def _reported(verdict: Verdict, messages: tuple[Message, ...]) -> Json:
    return {
        "outcome": verdict.outcome,
        "ackAll": verdict.ack_all,
        "retryBatch": _delayed({"retry": verdict.retry_all}, verdict.retry_all_delay_s),
        "explicitAcks": [each.id for each in messages if each.id in verdict.explicit_acks],
        "retryMessages": [
            _delayed({"msgId": message}, delay_s) for message, delay_s in verdict.retries.items()
        ],
    }


def _delayed(report: Json, delay_s: int | None) -> Json:
    return report if delay_s is None else {**report, "delaySeconds": delay_s}
