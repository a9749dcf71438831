"""The consumer of the queue: by type of message, with back-off, and once per job."""

import jobs
from exports import step_export
from work import WORK, PermanentError

LONGEST_DELAY_SECONDS = 12 * 3600


async def consume(batch, env):
    for message in batch.messages:
        try:
            await handle(message, env)
        except Exception as error:
            delay = backoff_seconds(env, message.attempts)
            print(f"Message {message.id} failed: {error!r}; again in {delay} s")
            message.retry({"delaySeconds": delay})
        else:
            message.ack()


async def handle(message, env):
    body = message.body
    if body["type"] == "export.step":
        await step_export(env, body["export"], body["step"])
    else:
        await perform(env, body["id"], body["type"], body["payload"], message.attempts)


async def perform(env, job_id, kind, payload, attempts):
    """Do a job, unless it was done: a queue delivers at least once."""
    if await jobs.outcome(env, job_id):
        return
    try:
        result = await WORK[kind](env, job_id, payload)
    except PermanentError as error:
        await jobs.finish(env, job_id, "failed", attempts=attempts, error=str(error))
    except Exception as error:
        await jobs.record_failure(env, job_id, attempts, error)
        raise
    else:
        await jobs.finish(env, job_id, "done", attempts=attempts, result=result)


def backoff_seconds(env, attempts):
    """20 s after the first attempt, then 40 s, 80 s, …"""
    return min(2**attempts * int(env.RETRY_BASE_SECONDS), LONGEST_DELAY_SECONDS)
