"""Jobs in KV: what was asked for, how the last attempt failed, and what came of it in the end.

Each has a key of its own, because KV takes only one write per second to a key.
"""

import json
from datetime import UTC, datetime

KEPT_SECONDS = 7 * 24 * 3600


async def submit(env, job_id, kind, payload):
    """Record a job and queue it; a job that was submitted before stays as it is."""
    job = await find(env, job_id)
    if job is None:
        job = {"id": job_id, "type": kind, "payload": payload, "submittedAt": _now()}
        await _put(env, f"job:{job_id}", job, {"submittedAt": job["submittedAt"]})
        await enqueue(env, job)
    return job


async def enqueue(env, job):
    await env.JOBS_QUEUE.send({"type": job["type"], "id": job["id"], "payload": job["payload"]})


async def find(env, job_id):
    return await _get(env, f"job:{job_id}")


async def record_failure(env, job_id, attempts, error):
    """Note a failed attempt that others will follow."""
    failure = {"status": "retrying", "attempts": attempts, "error": str(error), "at": _now()}
    await _put(env, f"attempt:{job_id}", failure, {})


async def last_failure(env, job_id):
    return await _get(env, f"attempt:{job_id}")


async def finish(env, job_id, status, **details):
    """Record what came of a job: it is `done` or `failed`."""
    await _put(
        env, f"outcome:{job_id}", {"status": status, "at": _now(), **details}, {"status": status}
    )


async def outcome(env, job_id):
    """What came of a job, None while it is not finished."""
    return await _get(env, f"outcome:{job_id}")


async def progress(env, job_id):
    """Where a job stands."""
    return await outcome(env, job_id) or await last_failure(env, job_id) or {"status": "queued"}


async def outcomes_by_status(env):
    """How many jobs there are of each status."""
    counts = {}
    async for key in keys(env, "outcome:"):
        status = key["metadata"]["status"]
        counts[status] = counts.get(status, 0) + 1
    return counts


async def keys(env, prefix):
    """The keys below a prefix with their metadata, page by page."""
    options = {"prefix": prefix}
    while True:
        page = await env.JOBS.list(options)
        for key in page["keys"]:
            yield key
        if page["list_complete"]:
            return
        options["cursor"] = page["cursor"]


async def _get(env, key):
    text = await env.JOBS.get(key)
    return None if text is None else json.loads(text)


async def _put(env, key, value, metadata):
    options = {"expirationTtl": KEPT_SECONDS, "metadata": metadata}
    await env.JOBS.put(key, json.dumps(value), options)


def _now():
    return datetime.now(UTC).isoformat(timespec="milliseconds")
