from workers import DurableObject, Response, WorkerEntrypoint, WorkflowEntrypoint


class Cart(DurableObject):
    async def add(self, item):
        items = await self.ctx.storage.get("items") or []
        await self.ctx.storage.put("items", [*items, item])


class Checkout(WorkflowEntrypoint):
    async def run(self, event, step):
        @step.do("charge")
        async def charge():
            return {"charged": True}

        await charge()


class Admin(WorkerEntrypoint):
    async def stock(self, item):
        return 3


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        await self.env.CARTS.getByName("me").add(request.url)
        return Response(None, status=204)
