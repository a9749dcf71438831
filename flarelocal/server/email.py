"""`/cdn-cgi/handler/email?from=&to=`: hand a mail to the `email` handler.

Source: miniflare, `core/email.ts`.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs

from flarelocal.emulator import Emulator
from flarelocal.mail.delivery import Delivery, EmailOutcome
from flarelocal.mail.letter import MailError
from flarelocal.server.answer import Answer

__all__ = ["report", "run_email"]

_MOST_BYTES = 25 * 1024 * 1024
_INCOMPLETE = (
    "Invalid email. Your request must include URL parameters specifying the `from` and `to` "
    "addresses, as well as an email in the body"
)


async def run_email(emulator: Emulator, query: str, raw: bytes) -> Answer:
    """What the handler did, in words or, with `format=json`, in wrangler's JSON.

    `worker=` names another Worker than the primary one.

    Args:
        raw: the mail.

    Raises:
        BaseException: what the handler raised, unless JSON is asked for.
    """
    given = {name: values[0] for name, values in parse_qs(query).items()}
    worker = given.get("worker")
    if worker is not None and worker not in emulator.workers:
        names = ", ".join(emulator.workers)
        return Answer.text(404, f"There is no Worker {worker!r} here: name one of {names}")
    if not raw or "from" not in given or "to" not in given:
        return Answer.text(400, _INCOMPLETE)
    if len(raw) > _MOST_BYTES:
        return Answer.text(400, "Email message size is bigger than the size limit of 25MiB.")
    try:
        delivery = emulator.delivery(given["from"], given["to"], raw, worker=worker)
    except MailError as refused:
        return Answer.text(400, f"Email could not be parsed: {refused}")
    if delivery.letter.message_id is None:
        return Answer.text(400, "Email could not be parsed: invalid or no message id provided")
    outcome = await emulator.email(delivery)
    if given.get("format") == "json":
        return Answer.json(200 if outcome.ok else 500, report(delivery, outcome))
    if outcome.error is not None:
        raise outcome.error
    if delivery.rejected is not None:
        reason = delivery.rejected
        return Answer.text(400, f"Worker rejected email with the following reason: {reason}")
    return Answer.text(200, "Worker successfully processed email")


def report(delivery: Delivery, outcome: EmailOutcome) -> dict[str, object]:
    """What happened, in wrangler's JSON."""
    events: list[tuple[int, dict[str, object]]] = [
        (each.at_ms, {"type": "forward", "messageId": each.message_id})
        for each in delivery.forwards
    ]
    events += [
        (each.at_ms, {"type": "reply", "messageId": each.message_id}) for each in delivery.replies
    ]
    report: dict[str, object] = {"outcome": outcome.outcome}
    if delivery.rejected is not None:
        report["rejectReason"] = delivery.rejected
        events.append((delivery.rejected_at_ms, {"type": "reject"}))
    report["forwards"] = [
        {"recipient": each.recipient, "headers": each.headers, "messageId": each.message_id}
        for each in delivery.forwards
    ]
    report["replies"] = [
        {
            "messageId": each.message_id,
            "sender": each.sender,
            "raw": each.letter.raw.decode("utf-8", "replace"),
        }
        for each in delivery.replies
    ]
    events.sort(key=lambda event: event[0])
    report["events"] = [event | {"timestamp": _moment(at)} for at, event in events]
    return report


def _moment(at_ms: int) -> str:
    moment = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
