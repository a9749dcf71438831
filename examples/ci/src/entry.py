"""Takes orders, books them in batches, and adds them up every working day."""

from workers import DurableObject, Response, WorkerEntrypoint


class Tally(DurableObject):
    """How much was ordered."""

    async def add(self, amount):
        total = (await self.ctx.storage.get("total") or 0) + amount
        await self.ctx.storage.put("total", total)
        return total

    async def alarm(self):
        await self.ctx.storage.delete("total")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.method != "POST":
            return Response('Send an order: POST {"amount": 3}', status=405)
        order = await request.json()
        await self.env.ORDERS.send({"amount": order["amount"]})
        return Response("Ordered.", status=202)

    async def queue(self, batch, env, ctx):
        tally = self.env.TALLY.getByName("orders")
        for message in batch.messages:
            print("total:", await tally.add(message.body["amount"]))
            message.ack()

    async def scheduled(self, controller, env, ctx):
        print("total of the day:", await self.env.TALLY.getByName("orders").add(0))
