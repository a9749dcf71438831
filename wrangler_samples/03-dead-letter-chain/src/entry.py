from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        await self.env.JOBS.send({"url": request.url})
        return Response(None, status=202)

    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            if batch.queue == "jobs-dead":
                await self.env.MAILS.send({"given up": message.id})
            message.ack()
