from workers import WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            await self.env.ARCHIVE.put(message.id, "…")
