"""`flarelocal trigger`: one event, its outcome, and the exit code that says `ok` or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flarelocal.cli import main
from tests.end_to_end.project import Project

_WORKER = """
import asyncio

from workers import DurableObject, Response, WorkerEntrypoint


class Counter(DurableObject):
    async def alarm(self):
        count = (await self.ctx.storage.get("count") or 0) + 1
        await self.ctx.storage.put("count", count)
        print("alarm", self.ctx.id.name, count)
        if count == 3:
            raise ValueError("three is too many")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/broken"):
            raise ValueError("no page")
        if request.url.endswith("/late"):
            self.ctx.waitUntil(late())
        if request.url.endswith("/missing"):
            return Response("not here", status=404)
        if request.url.endswith("/send"):
            await self.env.JOBS.send({"n": 1})
        text = await request.text()
        print("a line of the log")
        return Response(f"{request.method} {request.headers.get('X-Who')} {text}")

    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            if message.body["ok"]:
                message.ack()
            elif message.attempts > 1:
                raise ValueError("still wrong")
            else:
                message.retry()

    async def email(self, message, env, ctx):
        if message.headers.get("subject") == "spam":
            message.setReject("no spam")
        else:
            await message.forward(f"boss@{message.to}")

    async def scheduled(self, controller, env, ctx):
        controller.noRetry()
        print("at", controller.cron, int(controller.scheduledTime))


async def late():
    await asyncio.sleep(0.01)
    raise ValueError("after the answer")
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    project.configure(
        queues={
            "producers": [{"binding": "JOBS", "queue": "jobs"}],
            "consumers": [{"queue": "jobs", "max_batch_timeout": 0}],
        },
        durable_objects={"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
    )
    project.write(_WORKER)
    monkeypatch.chdir(project.directory)
    return project


def _trigger(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(main, ["trigger", *arguments], input=input)


def test_a_request_is_answered() -> None:
    result = _trigger("fetch", "/hello", "-H", "X-Who: me", "-d", "a body")

    assert result.exit_code == 0
    assert result.stdout == "ok: 200 OK\nPOST me a body\n"
    assert "a line of the log" in result.stderr


def test_an_answer_is_told_as_json() -> None:
    answer = json.loads(_trigger("fetch", "https://example.com/x", "--json").stdout)

    assert (answer["outcome"], answer["status"]) == ("ok", 200)
    assert answer["body"].startswith("GET ")


def test_a_request_fails_when_the_handler_raises() -> None:
    result = _trigger("fetch", "/broken")

    assert (result.exit_code, result.stdout) == (1, "exception\n")
    assert "ValueError: no page" in result.stderr


def test_a_request_fails_when_a_task_of_wait_until_does() -> None:
    result = _trigger("fetch", "/late", "--json")

    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["outcome"], answer["status"]) == ("exception", 200)
    assert "after the answer" in answer["error"]


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--fail"], 1)])
def test_a_status_of_an_error_fails_where_that_is_wanted(options: list[str], status: int) -> None:
    assert _trigger("fetch", "/missing", *options).exit_code == status


def test_a_url_that_is_none_is_refused() -> None:
    assert "is no URL: write /path" in _trigger("fetch", "hello").output


def test_a_batch_is_handed_to_the_consumer() -> None:
    result = _trigger("queue", "jobs", '{"ok": true}', '{"ok": false}')

    assert result.exit_code == 0
    assert result.stdout == "ok: 2 messages, 1 acked by name, 1 to retry\n"


def test_lines_of_the_standard_input_are_messages() -> None:
    result = _trigger("queue", "jobs", "-", "--json", input='{"ok": true}\n' * 3)

    assert len(json.loads(result.stdout)["explicitAcks"]) == 3


def test_a_batch_fails_when_the_handler_raises() -> None:
    result = _trigger("queue", "jobs", '{"ok": false}', "--attempts", "2", "--json")

    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["outcome"] == "exception"
    assert "ValueError: still wrong" in answer["error"]


def test_a_queue_without_a_consumer_is_named() -> None:
    result = _trigger("queue", "other", "1")

    assert result.exit_code == 1
    assert 'Queue "other" has no consumer' in result.stderr


def test_a_cron_fires() -> None:
    result = _trigger("scheduled", "0 9 * * 2", "--at", "2026-01-01")

    assert (result.exit_code, result.stdout) == (0, "ok: no retry wanted\n")
    assert "at 0 9 * * 2 1767225600000" in result.stderr


def test_state_is_in_memory_unless_a_directory_is_named(project: Project) -> None:
    first = _trigger("alarm", "Counter", "a")
    again = _trigger("alarm", "Counter", "a")

    assert (first.exit_code, first.stdout) == (0, "ok\n")
    assert "alarm a 1" in again.stderr
    assert not (project.directory / ".flarelocal").exists()


def test_the_alarm_of_an_object_runs_on_the_state_of_a_directory() -> None:
    runs = [_trigger("alarm", "Counter", "a", "--persist-to", "state") for _ in range(3)]

    assert [run.exit_code for run in runs] == [0, 0, 1]
    assert "ValueError: three is too many" in runs[2].stderr


def test_a_class_that_does_not_exist_is_named() -> None:
    result = _trigger("alarm", "Nope", "a")

    assert result.exit_code == 1
    assert "Nope is no Durable Object of this Worker: name one of Counter" in result.stderr


def test_an_id_that_is_none_is_refused() -> None:
    result = _trigger("alarm", "Counter", "abc", "--id")

    assert result.exit_code == 1
    assert "64 hex digits" in result.stderr


def test_what_the_event_sends_is_kept_and_not_delivered() -> None:
    sent = _trigger("fetch", "/send", "--persist-to", "state")
    found = CliRunner().invoke(main, ["queues", "peek", "jobs", "--persist-to", "state", "--json"])

    assert (sent.exit_code, sent.stderr) == (0, "a line of the log\n")
    assert [message["body"] for message in json.loads(found.stdout)] == [{"n": 1}]


def test_a_worker_that_does_not_load_is_told(project: Project) -> None:
    project.write("import nothing_of_that_name\n")

    result = _trigger("fetch")

    assert result.exit_code == 1
    assert "No module named 'nothing_of_that_name'" in result.stderr


_MAIL = "From: ann@example.com\nTo: desk@example.com\nMessage-ID: <1@a>\nSubject: {}\n\nhello"


def test_a_mail_is_delivered() -> None:
    result = _trigger("email", "-", input=_MAIL.format("hi"))

    assert result.exit_code == 0
    assert result.stdout == "ok: forwarded to boss@desk@example.com\n"


def test_what_came_of_a_mail_is_told_as_json() -> None:
    result = _trigger("email", "-", "--to", "b@c", "--json", input=_MAIL.format("spam"))

    answer = json.loads(result.stdout)
    assert (answer["outcome"], answer["rejectReason"]) == ("ok", "no spam")


def test_what_is_no_mail_is_refused() -> None:
    assert "This is no mail (there are no headers)" in _trigger("email", "-", input="hello").output
