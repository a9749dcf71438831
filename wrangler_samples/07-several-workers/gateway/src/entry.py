from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        user = await self.env.ACCOUNTS.user_of(request.headers["Authorization"])
        await self.env.INVOICES.send({"user": user})
        return Response(user)
