"""The HTTP side: jobs and exports are accepted here, and done elsewhere."""

import json
import uuid
from urllib.parse import urlparse

from workers import Response

import jobs
from work import WORK

HELP = {
    "POST /jobs": "submit a job: {type, payload}; an Idempotency-Key header makes it one job",
    "GET /jobs/<id>": "what became of it",
    "POST /exports": "start an export: {rows}",
    "GET /exports/<id>": "how far it is",
    "GET /exports/<id>/rows.csv": "what is there of it",
}


async def route(request, env, ctx):
    match [request.method, *urlparse(request.url).path.strip("/").split("/")]:
        case ["GET", ""]:
            return Response.json(HELP)
        case ["POST", "jobs"]:
            return await submit_job(request, env, ctx)
        case ["GET", "jobs", job_id]:
            return await show_job(env, job_id)
        case ["POST", "exports"]:
            return await start_export(request, env)
        case ["GET", "exports", export_id]:
            return await show_export(env, export_id)
        case ["GET", "exports", export_id, "rows.csv"]:
            csv = await env.EXPORTS.getByName(export_id).csv()
            return Response(csv, headers={"content-type": "text/csv"})
    return problem(404, "There is nothing here: GET / lists what there is")


async def submit_job(request, env, ctx):
    body = await body_of(request)
    kind = body.get("type")
    if kind not in WORK:
        return problem(400, f"type has to be one of {', '.join(WORK)}")
    key = request.headers.get("idempotency-key")
    job_id = str(uuid.uuid5(uuid.NAMESPACE_URL, key) if key else uuid.uuid4())
    job = await jobs.submit(env, job_id, kind, body.get("payload", {}))
    # Nobody waits for the trail: it is written after the answer.
    ctx.waitUntil(leave_trail(env, job, request.headers.get("cf-connecting-ip")))
    return accepted(f"/jobs/{job_id}", job)


async def show_job(env, job_id):
    job = await jobs.find(env, job_id)
    if job is None:
        return problem(404, "There is no such job")
    return Response.json({**job, **await jobs.progress(env, job_id)})


async def start_export(request, env):
    rows = (await body_of(request)).get("rows")
    if not isinstance(rows, int) or not 1 <= rows <= 100_000:
        return problem(400, "rows has to be a whole number from 1 to 100000")
    export_id = str(uuid.uuid4())
    state = await env.EXPORTS.getByName(export_id).start(export_id, rows)
    return accepted(f"/exports/{export_id}", state)


async def show_export(env, export_id):
    state = await env.EXPORTS.getByName(export_id).status()
    return Response.json(state) if state else problem(404, "There is no such export")


async def leave_trail(env, job, address):
    entry = {"job": job["id"], "type": job["type"], "from": address}
    await env.JOBS.put(
        f"trail:{uuid.uuid4()}", json.dumps(entry), {"expirationTtl": jobs.KEPT_SECONDS}
    )


async def body_of(request):
    """The JSON object of a request; an empty one if it has none."""
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def accepted(location, body):
    return Response.json(body, status=202, headers={"location": location})


def problem(status, text):
    return Response.json({"error": text}, status=status)
