from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        outcome = await self.env.PER_USER.limit({"key": request.headers["X-Api-Key"]})
        return Response("ok" if outcome.success else "slow down")
