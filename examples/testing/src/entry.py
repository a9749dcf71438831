from js import Date
from workers import DurableObject, Response, WorkerEntrypoint, fetch

DAY_MS = 24 * 3600 * 1000


class Subscribers(DurableObject):
    """Who gets the letter; who does not confirm within a day is forgotten."""

    async def subscribe(self, address):
        await self.ctx.storage.put(address, {"confirmed": False, "since": Date.now()})
        if await self.ctx.storage.getAlarm() is None:
            await self.ctx.storage.setAlarm(Date.now() + DAY_MS)

    async def confirm(self, address):
        entry = await self.ctx.storage.get(address)
        if entry is None:
            return False
        await self.ctx.storage.put(address, {"confirmed": True, "since": entry["since"]})
        return True

    async def confirmed(self):
        return [address for address, entry in await self._entries() if entry["confirmed"]]

    async def alarm(self):
        waiting = []
        for address, entry in await self._entries():
            if entry["confirmed"]:
                continue
            if entry["since"] + DAY_MS <= Date.now():
                await self.ctx.storage.delete(address)
            else:
                waiting.append(entry["since"])
        if waiting:
            await self.ctx.storage.setAlarm(min(waiting) + DAY_MS)

    async def _entries(self):
        return list((await self.ctx.storage.list()).items())


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.split("/", 3)[3]
        if path == "health":
            return Response.json({"ok": True})
        if request.method != "POST" or path not in ("subscribe", "confirm"):
            return Response("Not Found", status=404)
        address = (await request.json())["address"]
        subscribers = self.env.SUBSCRIBERS.getByName("all")
        if path == "subscribe":
            await subscribers.subscribe(address)
            await self.env.MAILS.send({"to": address, "text": "Please confirm."})
            return Response("Look into your mailbox", status=202)
        known = await subscribers.confirm(address)
        return Response("Welcome") if known else Response("Too late", status=410)

    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            mail = message.body
            text = f"{mail['to']}: {mail['text']}"
            answer = await fetch(self.env.MAILER, method="POST", body=text)
            if answer.status >= 500:
                message.retry()
            else:
                message.ack()

    async def scheduled(self, controller, env, ctx):
        text = await self.env.LETTERS.get("next")
        if text is None:
            return
        for address in await self.env.SUBSCRIBERS.getByName("all").confirmed():
            await self.env.MAILS.send({"to": address, "text": text})
        await self.env.LETTERS.delete("next")
