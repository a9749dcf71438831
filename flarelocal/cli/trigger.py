"""`flarelocal trigger`: one event for the Worker, without a server."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import urlsplit

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.messages import CONTENT_TYPE, read_messages
from flarelocal.cli.project import Project, on_project
from flarelocal.cli.times import moment

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["command"]

_persist_to = click.option(
    "--persist-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of the state to work on.  [default: none, state is in memory]",
)
_worker = click.option("--worker", help="The Worker that is meant, where there are several.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class _Result(NamedTuple):
    """What came of an event.

    Attributes:
        outcome: in workerd's words; all but `ok` fail.
        facts: for programs.
        text: for people, after the outcome.
    """

    outcome: str
    facts: dict[str, object]
    text: str = ""


@click.group("trigger", cls=Group)
def command() -> None:
    """Run one event against the Worker without a server, and print the outcome.

    The exit code is 0 for `ok` alone. What the Worker prints goes to standard error. Messages that
    it sends and alarms that it sets are kept with --persist-to, and not acted on here.
    """


@command.command("fetch")
@click.argument("url", default="/")
@click.option("-X", "--request", "method", help="The method.  [default: GET, with -d POST]")
@click.option("-H", "--header", "headers", multiple=True, metavar="NAME: VALUE", help="Repeatable.")
@click.option("-d", "--data", help="The body; @FILE reads it from a file, @- from standard input.")
@click.option("-f", "--fail", is_flag=True, help="Fail for a status of 400 or more, too.")
@_worker
@_persist_to
@_json
@on_project
def fetch(
    project: Project,
    url: str,
    method: str | None,
    headers: tuple[str, ...],
    data: str | None,
    fail: bool,
    worker: str | None,
    persist_to: Path | None,
    as_json: bool,
) -> None:
    """Send a request; URL may be only a path."""
    body = None if data is None else _data(data)
    verb = (method or ("GET" if body is None else "POST")).upper()
    given = dict(_header(each) for each in headers)

    async def event(emulator: Emulator) -> _Result:
        from flarelocal.javascript.web.request import Request
        from flarelocal.javascript.web.url import normalised

        href = normalised(f"http://localhost{url}" if url.startswith("/") else url)
        if href is None:
            raise click.ClickException(f"{url!r} is no URL: write /path or http://host/path")
        sent = {"host": urlsplit(href).netloc} | given
        if body is not None:
            sent.setdefault("content-length", str(len(body)))
        request = Request.incoming(verb, href, list(sent.items()), body)
        response = await emulator.fetch(request, worker=_known(emulator, worker))
        content = b"".join([chunk async for chunk in response.body_chunks()])
        facts: dict[str, object] = {
            "status": response.status,
            "headers": [list(pair) for pair in response.headers.raw()],
            **_shown(content),
        }
        return _Result("ok", facts, _answer(response.status, content))

    result = _run(project, event, persist_to)
    status = result.facts.get("status", 0)
    assert isinstance(status, int)
    _print(result, as_json, failed=fail and status >= 400)


@command.command("queue")
@click.argument("queue")
@click.argument("bodies", nargs=-1, required=True, metavar="BODY...")
@CONTENT_TYPE
@click.option(
    "--attempts", type=click.IntRange(1), default=1, help="Which delivery the Worker sees."
)
@_persist_to
@_json
@on_project
def queue(
    project: Project,
    queue: str,
    bodies: tuple[str, ...],
    content_type: str,
    attempts: int,
    persist_to: Path | None,
    as_json: bool,
) -> None:
    """Hand one batch to the consumer of QUEUE; a BODY of - stands for each line of the input."""
    messages = [each | {"attempts": attempts} for each in read_messages(bodies, content_type)]

    async def event(emulator: Emulator) -> _Result:
        from flarelocal.server.queue import run_queue

        answer = await run_queue(emulator, queue, json.dumps({"messages": messages}).encode())
        if answer.content_type != "application/json":
            raise click.ClickException(answer.body.decode())
        facts = json.loads(answer.body)
        return _Result(facts.pop("outcome"), facts, _decisions(facts, len(messages)))

    _print(_run(project, event, persist_to), as_json)


@command.command("scheduled")
@click.argument("cron", default="")
@click.option("--at", type=moment, help="The scheduled time that the Worker sees.  [default: now]")
@_worker
@_persist_to
@_json
@on_project
def scheduled(
    project: Project,
    cron: str,
    at: int | None,
    worker: str | None,
    persist_to: Path | None,
    as_json: bool,
) -> None:
    """Fire the `scheduled` handler, as CRON does."""

    async def event(emulator: Emulator) -> _Result:
        owners = (name for name, each in emulator.workers.items() if cron in each.config.crons)
        name = _known(emulator, worker) or next(owners, None)
        result = await emulator.scheduled(cron, at, worker=name)
        text = "no retry wanted" if result.no_retry else ""
        return _Result(result.outcome, {"noRetry": result.no_retry}, text)

    _print(_run(project, event, persist_to), as_json)


@command.command("alarm")
@click.argument("class_name", metavar="CLASS")
@click.argument("name")
@click.option("--id", "is_id", is_flag=True, help="NAME is the id of the object.")
@_worker
@_persist_to
@_json
@on_project
def alarm(
    project: Project,
    class_name: str,
    name: str,
    is_id: bool,
    worker: str | None,
    persist_to: Path | None,
    as_json: bool,
) -> None:
    """Run the `alarm` handler of the Durable Object NAME of CLASS; an alarm it has stays set."""

    async def event(emulator: Emulator) -> _Result:
        from flarelocal.durable_objects.errors import DurableObjectError

        asked = _known(emulator, worker)
        workers = [each for each in emulator.workers.values() if asked in (None, each.name)]
        found = next((each for each in workers if class_name in each.objects), None)
        if found is None:
            classes = ", ".join(known for each in workers for known in each.objects)
            raise click.ClickException(
                f"{class_name} is no Durable Object of this Worker: "
                f"name one of {classes or 'those that the config declares (none)'}"
            )
        try:
            await found.alarm(class_name, name, is_id=is_id)
        except DurableObjectError as error:
            raise click.ClickException(str(error)) from None
        return _Result("ok", {})

    _print(_run(project, event, persist_to), as_json)


@command.command("email")
@click.argument("file", type=click.File("rb"))
@click.option("--from", "sender", help="Of the envelope.  [default: as the mail says]")
@click.option("--to", "recipient", help="Of the envelope.  [default: as the mail says]")
@_worker
@_persist_to
@_json
@on_project
def email(
    project: Project,
    file: BinaryIO,
    sender: str | None,
    recipient: str | None,
    worker: str | None,
    persist_to: Path | None,
    as_json: bool,
) -> None:
    """Deliver the mail in FILE to the `email` handler; - reads it from standard input."""
    raw = file.read()

    async def event(emulator: Emulator) -> _Result:
        from flarelocal.mail.letter import MailError, parse
        from flarelocal.server.email import report

        try:
            letter = parse(raw)
        except MailError as wrong:
            raise click.ClickException(f"This is no mail ({wrong}): give all of one") from None
        to = recipient or next(iter(letter.recipients), "")
        delivery = emulator.delivery(
            sender or letter.sender, to, raw, worker=_known(emulator, worker)
        )
        outcome = await emulator.email(delivery)
        if outcome.error is not None:
            raise outcome.error
        facts = report(delivery, outcome)
        facts.pop("outcome")
        return _Result("ok", facts, delivery.summary)

    _print(_run(project, event, persist_to), as_json)


def _known(emulator: Emulator, worker: str | None) -> str | None:
    if worker is not None and worker not in emulator.workers:
        raise click.ClickException(
            f"There is no Worker {worker!r}: name one of {', '.join(emulator.workers)}"
        )
    return worker


def _run(
    project: Project, event: Callable[[Emulator], Awaitable[_Result]], state: Path | None
) -> _Result:
    late: list[str] = []

    async def run(emulator: Emulator) -> _Result:
        from flarelocal.worker.events import TaskFailed

        emulator.journal.subscribe(
            lambda entry: (
                late.append(entry.event.error) if isinstance(entry.event, TaskFailed) else None
            )
        )
        try:
            return await event(emulator)
        except click.ClickException:
            raise
        except Exception as error:
            return _Result("exception", {"error": str(error)})

    result = project.run(run, state)
    if late and result.outcome == "ok":
        return result._replace(outcome="exception", facts={"error": late[0], **result.facts})
    return result


def _print(result: _Result, as_json: bool, *, failed: bool = False) -> None:
    text = f"{result.outcome}: {result.text}" if result.text else result.outcome
    Display(as_json).done({"outcome": result.outcome, **result.facts}, text)
    raise SystemExit(failed or result.outcome != "ok")


def _data(text: str) -> bytes:
    if text == "@-":
        return sys.stdin.buffer.read()
    if not text.startswith("@"):
        return text.encode("utf-8", "surrogateescape")
    try:
        return Path(text[1:]).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{text[1:]}: {error.strerror}: name another file") from None


def _header(text: str) -> tuple[str, str]:
    name, separator, value = text.partition(":")
    if not separator or not name.strip():
        raise click.ClickException(f"{text!r} is no header: write NAME: VALUE")
    return name.strip().lower(), value.strip()


def _shown(content: bytes) -> dict[str, object]:
    try:
        return {"body": content.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(content).decode("ascii")}


def _answer(status: int, content: bytes) -> str:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    shown = _shown(content)
    text = shown.get("body", f"({len(content)} bytes)")
    return f"{status} {phrase}".rstrip() + (f"\n{text}" if content else "")


def _decisions(report: dict[str, object], count: int) -> str:
    """What the handler said of its messages, in workerd's report of a queue event."""
    words = [f"{count} message{'s' * (count != 1)}"]
    for name, noun in (("explicitAcks", "acked by name"), ("retryMessages", "to retry")):
        if ids := report[name]:
            assert isinstance(ids, list)
            words.append(f"{len(ids)} {noun}")
    if report["ackAll"]:
        words.append("all acked")
    if report["retryBatch"] != {"retry": False}:
        words.append("all others to retry")
    return ", ".join(words)
