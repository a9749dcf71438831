"""The workload, for Python Workers."""

import asyncio
from urllib.parse import parse_qs, urlsplit

from workers import Response, WorkerEntrypoint

counts = {"bulk": 0, "dead": 0}
arrivals = {}


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = urlsplit(request.url)
        given = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
        if url.path == "/send":
            await send(self.env.BULK, **given)
        elif url.path == "/retry":
            await send(self.env.RETRY, **given)
        elif url.path == "/roundtrip":
            key = str(given["key"])
            arrived = arrivals[key] = asyncio.Event()
            await self.env.LATENCY.send({"key": key})
            await arrived.wait()
            del arrivals[key]
        return Response.json(counts)

    async def queue(self, batch, env, ctx):
        if batch.queue == "bench-bulk":
            counts["bulk"] += sum(
                1 for message in batch.messages if message.body["kind"] == "bench"
            )
        elif batch.queue == "bench-dead":
            counts["dead"] += len(batch.messages)
        elif batch.queue == "bench-retry":
            for message in batch.messages:
                message.retry()
        else:
            for message in batch.messages:
                arrivals[message.body["key"]].set()


async def send(queue, n, batch, delay=0):
    for start in range(0, n, batch):
        bodies = [
            {"body": {"i": i, "kind": "bench", "user": f"user-{i % 97}"}}
            for i in range(start, min(start + batch, n))
        ]
        await queue.sendBatch(bodies, delaySeconds=delay)
