import asyncio
import os
import random

from js import Date, crypto
from js import Response as JsResponse
from workers import DurableObject, Response, WorkerEntrypoint, env, fetch


class Counter(DurableObject):
    async def add(self, n=1):
        total = (await self.ctx.storage.get("total") or 0) + n
        await self.ctx.storage.put("total", total)
        return total

    async def remind(self, delay_ms):
        await self.ctx.storage.setAlarm(Date.now() + delay_ms)

    async def alarm(self):
        if await self.ctx.storage.get("broken"):
            raise RuntimeError("the alarm is broken")
        if await self.ctx.storage.get("restless"):
            await self.remind(0)
        await self.add(100)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.removeprefix("http://example.com")
        return await getattr(self, path.strip("/") or "home")(request)

    async def home(self, request):
        print("at home")
        return Response(self.env.GREETING)

    async def echo(self, request):
        headers = {"content-type": request.headers["content-type"]}
        return Response(await request.text(), headers=headers | {"x-method": request.method})

    async def region(self, request):
        return Response(str(os.environ.get("REGION")))

    async def slow(self, request):
        await asyncio.sleep(10)
        return Response("at last")

    async def boom(self, request):
        raise ValueError("boom")

    async def later(self, request):
        async def later():
            await asyncio.sleep(1)
            raise KeyError("later")

        self.ctx.waitUntil(asyncio.ensure_future(later()))
        return Response("see you")

    async def now(self, request):
        return Response(str(Date.now()))

    async def outside(self, request):
        answer = await fetch("https://api.example.org/rates", method="POST", body="EUR")
        return Response(await answer.text(), status=answer.status)

    async def draw(self, request):
        return Response(f"{crypto.randomUUID()} {random.random()}")

    async def queue(self, batch, env, ctx):
        print("got", ",".join(str(message.body) for message in batch.messages))
        for message in batch.messages:
            if message.body == "bad":
                raise RuntimeError("a bad message")
            if message.body == "again":
                message.retry(delaySeconds=30)
                continue
            seen = await self.env.KV.get("seen") or ""
            await self.env.KV.put("seen", f"{seen}{message.body};")
            message.ack()

    async def scheduled(self, controller, env, ctx):
        if controller.cron == "0 3 * * *":
            controller.noRetry()
            raise RuntimeError("the nightly run failed")
        await self.env.KV.put("ran", str(controller.scheduledTime))

    async def email(self, message, env, ctx):
        subject = message.headers.get("subject")
        if subject == "Spam":
            message.setReject("no spam")
            return
        if subject == "Broken":
            raise RuntimeError("a broken mail")
        await message.forward("orders@example.com")
        text = (await JsResponse.new(message.raw).text()).rpartition("\r\n\r\n")[2]
        mail = {"from": message.to, "to": getattr(message, "from"), "subject": "Thanks"}
        await self.env.MAIL.send(mail | {"text": text.replace("\r\n", "\n")})


async def remembered():
    return await env.KV.get("seen")
