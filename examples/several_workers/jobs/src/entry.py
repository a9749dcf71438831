"""The Worker that does the work: it has no route, only others reach it."""

from texts import words
from workers import DurableObject, WorkerEntrypoint


class Counter(DurableObject):
    """A number that outlives everything."""

    async def add(self, count):
        await self.ctx.storage.put("value", await self.value() + count)

    async def value(self):
        return await self.ctx.storage.get("value") or 0

    async def clear(self):
        await self.ctx.storage.deleteAll()


class Default(WorkerEntrypoint):
    async def queue(self, batch, env, ctx):
        counter = self.env.COUNTERS.getByName("words")
        for message in batch.messages:
            await counter.add(len(words(message.body["text"])))

    async def longest(self, text):
        """Called by other Workers: `await env.JOBS.longest(text)`."""
        return max(words(text), key=len, default="")


class Admin(WorkerEntrypoint):
    """What not everybody may do: a service binding names this entrypoint, and says who calls."""

    async def reset(self):
        await self.env.COUNTERS.getByName("words").clear()
        return f"reset by {self.ctx.props.caller}"
