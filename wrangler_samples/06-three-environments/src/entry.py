from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(self.env.STAGE)

    async def scheduled(self, controller, env, ctx):
        await self.env.CACHE.delete("prices")

    async def queue(self, batch, env, ctx):
        batch.ackAll()
