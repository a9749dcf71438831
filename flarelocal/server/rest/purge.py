"""`…/queues/{queue_id}/purge`: delete all messages."""

from __future__ import annotations

from flarelocal.server.rest.account import Account
from flarelocal.server.rest.envelope import timestamp
from flarelocal.server.rest.errors import InvalidBodyError
from flarelocal.server.rest.queues import queue_object
from flarelocal.server.rest.requests import Purge, read

__all__ = ["start", "status"]


async def start(account: Account, queue: str, body: bytes) -> object:
    name = account.queue(queue)
    if not read(Purge, body).delete_messages_permanently:
        raise InvalidBodyError(
            "delete_messages_permanently: set it to true to confirm that all messages are deleted."
        )
    await account.broker.purge(name)
    return queue_object(account, await account.broker.info(name))


async def status(account: Account, queue: str, body: bytes) -> object:
    """A purge is over when its request is answered."""
    info = await account.broker.info(account.queue(queue))
    # The SDK's type has `completed`, wrangler's `complete`.
    return {"completed": "true", "complete": True, "started_at": timestamp(info.purged_ms or 0)}
