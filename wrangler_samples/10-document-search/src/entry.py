from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        await self.env.INDEXING.send({"document": request.url})
        return Response(None, status=202)

    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            await self.env.SUMMARIES.put(message.body["document"], "…")
