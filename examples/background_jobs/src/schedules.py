"""The crons, by their expressions in wrangler.jsonc; each names what it starts."""

from datetime import UTC, datetime, timedelta

import jobs

FORGOTTEN_AFTER = timedelta(minutes=15)
WEEKLY_ROWS = 50


async def resubmit_forgotten(scheduled_ms, env):
    """Queue jobs again that were recorded, but of which nothing came."""
    latest = (_moment(scheduled_ms) - FORGOTTEN_AFTER).isoformat()
    heard_of = {key["name"].removeprefix("outcome:") async for key in jobs.keys(env, "outcome:")}
    async for key in jobs.keys(env, "job:"):
        job_id = key["name"].removeprefix("job:")
        if job_id not in heard_of and key["metadata"]["submittedAt"] < latest:
            await jobs.enqueue(env, await jobs.find(env, job_id))


async def report_yesterday(scheduled_ms, env):
    day = (_moment(scheduled_ms) - timedelta(days=1)).date().isoformat()
    await jobs.submit(env, f"report-{day}", "report", {"day": day})


async def export_everything(scheduled_ms, env):
    export_id = f"weekly-{_moment(scheduled_ms).date().isoformat()}"
    await env.EXPORTS.getByName(export_id).start(export_id, WEEKLY_ROWS)


def _moment(ms):
    return datetime.fromtimestamp(ms / 1000, UTC)


SCHEDULES = {
    "*/10 * * * *": resubmit_forgotten,
    "0 6 * * MON-FRI": report_yesterday,
    "0 4 * * 1": export_everything,
}
