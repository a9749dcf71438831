"""What each type of job does. A job may run more than once: every one here can bear that."""

import json

from workers import fetch

from jobs import outcomes_by_status


class PermanentError(Exception):
    """Trying again would not help."""


async def deliver_webhook(env, job_id, payload):
    """POST a body to a URL; the receiver knows a repetition by its Idempotency-Key."""
    response = await fetch(
        payload["url"],
        method="POST",
        headers={"content-type": "application/json", "idempotency-key": job_id},
        body=json.dumps(payload.get("body")),
    )
    if 400 <= response.status < 500 and response.status != 429:
        raise PermanentError(f"the receiver refused it with status {response.status}")
    if response.status >= 300:
        raise RuntimeError(f"the receiver answered with status {response.status}")
    return {"status": response.status}


async def build_report(env, job_id, payload):
    """Count the jobs by what came of them."""
    return {"day": payload["day"], "jobs": await outcomes_by_status(env)}


WORK = {"webhook": deliver_webhook, "report": build_report}
