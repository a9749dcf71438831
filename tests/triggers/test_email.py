"""Mail that arrives, and mail that is sent, as Workers see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from flarelocal.javascript.web.request import Request
from flarelocal.mail.delivery import Delivery, EmailOutcome
from flarelocal.mail.events import EmailForwarded, EmailRejected, EmailReplied, EmailSent
from flarelocal.server.email import run_email
from flarelocal.worker.events import Logged
from tests.emulated import Emulated, write_project

SOURCE = """
from js import Headers, Object, Response as JsResponse, console
from pyodide.ffi import to_js
from workers import import_from_javascript

ANSWER = (
    "From: desk@example.com\\r\\nMessage-ID: <r@example.com>\\r\\n"
    "In-Reply-To: <1@example.com>\\r\\nSubject: Re: {0}\\r\\n\\r\\n{1}"
)


def js(value):
    return to_js(value, dict_converter=Object.fromEntries)


class Default(WorkerEntrypoint):
    async def email(self, message, env, ctx):
        await getattr(self, message.headers.get("subject"))(message)

    async def look(self, message):
        text = await JsResponse.new(message.raw).text()
        console.log(getattr(message, "from"), message.to, message.rawSize == len(text))
        console.log(message.headers.get("x-who"), text.endswith("body"), message.canBeForwarded)

    async def forward(self, message):
        sent = await message.forward("boss@example.com", Headers.new([["X-Desk", "1"]]))
        console.log(sent.messageId)

    async def reject(self, message):
        message.setReject("full")

    async def reply(self, message):
        EmailMessage = import_from_javascript("cloudflare:email").EmailMessage
        text = ANSWER.format("reply", "hello")
        mail = EmailMessage.new("desk@example.com", getattr(message, "from"), text)
        await message.reply(mail)

    async def builder(self, message):
        await message.reply(js({"from": "desk@example.com", "subject": "Re", "text": "thanks"}))

    async def wrong(self, message):
        await message.reply(js({"from": "desk@example.com", "headers": {"Received": "x"}}))

    async def boom(self, message):
        raise ValueError("boom")

    async def fetch(self, request):
        EmailMessage = import_from_javascript("cloudflare:email").EmailMessage
        given = await request.json()
        mail = EmailMessage.new(given["from"], given["to"], given["raw"])
        if given.get("stream"):
            mail = EmailMessage.new(given["from"], given["to"], JsResponse.new(given["raw"]).body)
        try:
            sent = await getattr(self.env, given.get("binding", "MAIL")).send(mail)
        except Exception as error:
            return Response(str(error))
        return Response(sent.messageId)
"""
RAW = "From: ann@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: {}\r\nX-Who: me\r\n\r\nbody"
DESK = RAW.replace("ann@", "desk@").format("Hi")
BINDINGS = [
    {"name": "MAIL"},
    {"name": "BOSS", "destination_address": "boss@example.com"},
    {"name": "DESK", "allowed_sender_addresses": ["desk@example.com"]},
]


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Emulated]:
    worker = Emulated(write_project(tmp_path, SOURCE, send_email=BINDINGS))
    async with worker.emulator:
        yield worker


async def deliver(worker: Emulated, subject: str, **headers: str) -> tuple[Delivery, EmailOutcome]:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    raw = (more + RAW.format(subject)).encode()
    delivery = worker.emulator.delivery("ann@example.com", "desk@example.com", raw)
    return delivery, await worker.emulator.email(delivery)


def printed(worker: Emulated) -> list[str]:
    return [event.text for event in worker.events(Logged)]


# -- what arrives


async def test_a_handler_reads_the_mail_and_its_envelope(worker: Emulated) -> None:
    _, outcome = await deliver(worker, "look")
    assert outcome.ok
    assert printed(worker) == ["ann@example.com desk@example.com true", "me true true"]


async def test_a_mail_goes_on_with_further_headers(worker: Emulated) -> None:
    delivery, _ = await deliver(worker, "forward")
    [forward] = delivery.forwards
    assert forward.recipient == "boss@example.com"
    assert forward.headers == [("x-desk", "1")]
    assert printed(worker) == [forward.message_id]
    assert forward.message_id.endswith("@example.com>")
    [event] = worker.events(EmailForwarded)
    assert (event.recipient, event.subject) == ("boss@example.com", "forward")


async def test_a_mail_is_refused(worker: Emulated) -> None:
    delivery, outcome = await deliver(worker, "reject")
    assert (delivery.rejected, outcome.ok) == ("full", True)
    assert [event.reason for event in worker.events(EmailRejected)] == ["full"]


@pytest.mark.parametrize(("subject", "text"), [("reply", "hello"), ("builder", "thanks")])
async def test_a_mail_is_answered(worker: Emulated, subject: str, text: str) -> None:
    delivery, outcome = await deliver(worker, subject)
    assert outcome.error is None
    [reply] = delivery.replies
    assert (reply.letter.text or "").strip() == text
    assert reply.letter.in_reply_to == reply.letter.references == "<1@example.com>"
    [event] = worker.events(EmailReplied)
    assert (event.sender, event.recipient) == ("desk@example.com", "ann@example.com")


async def test_what_cannot_be_answered(worker: Emulated) -> None:
    _, outcome = await deliver(worker, "reply", Auto_Submitted="yes")
    assert "Original email is not replyable" in str(outcome.error)
    _, outcome = await deliver(worker, "wrong")
    assert "invalid headers set" in str(outcome.error)


# -- over HTTP


async def post(worker: Emulated, subject: str, **query: str) -> tuple[int, str]:
    given = {"from": "ann@example.com", "to": "desk@example.com", **query}
    text = "&".join(f"{name}={value}" for name, value in given.items() if value)
    answer = await run_email(worker.emulator, text, RAW.format(subject).encode())
    return answer.status, answer.body.decode()


async def test_the_endpoint_says_what_came_of_it(worker: Emulated) -> None:
    assert await post(worker, "look") == (200, "Worker successfully processed email")
    rejected = "Worker rejected email with the following reason: full"
    assert await post(worker, "reject") == (400, rejected)
    with pytest.raises(Exception, match="boom"):
        await post(worker, "boom")


async def test_the_endpoint_tells_programs_all(worker: Emulated) -> None:
    async def report(subject: str) -> tuple[int, dict[str, Any]]:
        status, body = await post(worker, subject, format="json")
        return status, json.loads(body)

    status, found = await report("forward")
    [forward], [event] = found["forwards"], found["events"]
    assert (status, found["outcome"], found["replies"]) == (200, "ok", [])
    assert (forward["recipient"], forward["headers"]) == ("boss@example.com", [["x-desk", "1"]])
    assert (event["type"], event["messageId"]) == ("forward", forward["messageId"])
    status, found = await report("reply")
    assert found["replies"][0]["raw"].startswith("References: <1@example.com>\r\nFrom: desk@")
    status, found = await report("reject")
    assert (status, found["rejectReason"]) == (200, "full")
    status, found = await report("boom")
    assert (status, found) == (
        500,
        {"outcome": "exception", "forwards": [], "replies": [], "events": []},
    )


@pytest.mark.parametrize(
    ("query", "raw", "message"),
    [
        ("to=a@b", b"From: a@b\r\n\r\n", "Invalid email. Your request must include"),
        ("from=a@b&to=a@b", b"", "Invalid email. Your request must include"),
        ("from=a@b&to=a@b", b"x", "Email could not be parsed: there are no headers"),
        (
            "from=a@b&to=a@b",
            b"From: a@b\r\n\r\n",
            "Email could not be parsed: invalid or no message id provided",
        ),
    ],
)
async def test_what_the_endpoint_refuses(
    worker: Emulated, query: str, raw: bytes, message: str
) -> None:
    answer = await run_email(worker.emulator, query, raw)
    assert (answer.status, answer.body.decode()[: len(message)]) == (400, message)


# -- what is sent


async def send(worker: Emulated, sender: str, to: str, raw: str, **more: object) -> str:
    body = json.dumps({"from": sender, "to": to, "raw": raw, **more})
    request = Request.incoming("POST", "http://example.com/", [], body.encode())
    response = await worker.emulator.fetch(request)
    return (await response.read()).decode()


async def test_a_worker_sends_a_mail_that_it_wrote(worker: Emulated) -> None:
    for stream in (False, True):
        id = await send(worker, "desk@example.com", "a@example.com", DESK, stream=stream)
        sent = worker.events(EmailSent)[-1]
        assert (sent.sender, list(sent.recipients)) == ("desk@example.com", ["a@example.com"])
        assert (sent.subject, sent.text, sent.raw) == ("Hi", "body", DESK)
        assert sent.message_id == id


@pytest.mark.parametrize(
    ("mail", "message"),
    [
        ({"sender": "eve@example.com"}, "From: header does not match mail from"),
        ({"raw": DESK.replace("Message-ID", "X-ID")}, "invalid message-id"),
        ({"raw": "Received: x\r\n" + DESK}, "invalid headers set"),
        ({"raw": ""}, "could not parse email: there are no headers"),
        ({"binding": "BOSS"}, "email to a@example.com not allowed"),
        (
            {"binding": "DESK", "sender": "eve@example.com"},
            "email from eve@example.com not allowed",
        ),
    ],
)
async def test_what_is_not_sent(worker: Emulated, mail: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"sender": "desk@example.com", "to": "a@example.com", "raw": DESK}
    assert message in await send(worker, **(given | mail))
    assert worker.events(EmailSent) == []
