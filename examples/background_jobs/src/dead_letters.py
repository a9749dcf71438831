"""The consumer of the dead letter queue: somebody has to know."""

import jobs
from alerts import alert


async def bury(batch, env):
    for message in batch.messages:
        body = message.body
        failure = await jobs.last_failure(env, body["id"]) if "id" in body else None
        await alert(env, "A message failed too often", {"message": body, "failure": failure})
        if failure:
            await jobs.finish(
                env, body["id"], "failed", attempts=failure["attempts"], error=failure["error"]
            )
        message.ack()
