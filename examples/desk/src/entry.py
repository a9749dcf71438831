"""A help desk: mail becomes tickets, answers become mail."""

from email import message_from_bytes, policy
from urllib.parse import unquote, urlsplit

from js import Object, caches
from js import Response as JsResponse
from pyodide.ffi import to_js
from workers import Response, WorkerEntrypoint

DAY = 24 * 60 * 60
TICKETS = "https://desk.example/tickets"


class Default(WorkerEntrypoint):
    async def email(self, message, env, ctx):
        sender = getattr(message, "from")
        if await self.env.BLOCKED.get(sender):
            message.setReject("This address may not write to us today.")
            return
        raw = (await JsResponse.new(message.raw).bytes()).to_bytes()
        mail = message_from_bytes(raw, policy=policy.default)
        text = mail.get_body(("plain",))
        subject = mail["subject"] or "(no subject)"
        ticket = await self.open(sender, subject, text.get_content() if text else "", raw)
        reply = {
            "from": self.env.ADDRESS,
            "subject": f"Re: {subject} [#{ticket}]",
            "text": "We have got your mail, and write back soon.",
        }
        await message.reply(to_js(reply, dict_converter=Object.fromEntries))

    async def open(self, sender, subject, text, raw):
        insert = "INSERT INTO ticket (sender, subject, text) VALUES (?, ?, ?) RETURNING id"
        ticket = await self.env.DB.prepare(insert).bind(sender, subject, text).first("id")
        await self.env.MAILS.put(f"{ticket}.eml", raw)
        await caches.default.delete(TICKETS)
        return ticket

    async def fetch(self, request):
        path = urlsplit(request.url).path.strip("/").split("/")
        match request.method, [unquote(part) for part in path]:
            case "GET", ["tickets"]:
                return await self.tickets()
            case "GET", ["tickets", ticket, "mail"]:
                return await self.mail(ticket)
            case "POST", ["tickets", ticket, "answer"]:
                return await self.answer(ticket, await request.text())
            case "PUT", ["blocked", address]:
                await self.env.BLOCKED.put(address, "yes", expirationTtl=DAY)
                return Response(None, status=204)
            case _:
                return Response("There is no such page.", status=404)

    async def tickets(self):
        cached = await caches.default.match(TICKETS)
        if cached is not None:
            return cached
        found = await self.env.DB.prepare("SELECT * FROM ticket WHERE answer IS NULL").all()
        response = Response.json(found.results, headers={"cache-control": "max-age=60"})
        await caches.default.put(TICKETS, response.js_object.clone())
        return response

    async def mail(self, ticket):
        mail = await self.env.MAILS.get(f"{ticket}.eml")
        if mail is None:
            return Response("There is no such mail.", status=404)
        return Response(mail.body, headers={"content-type": "message/rfc822"})

    async def answer(self, number, text):
        update = "UPDATE ticket SET answer = ? WHERE id = ? AND answer IS NULL RETURNING *"
        ticket = await self.env.DB.prepare(update).bind(text, int(number)).first()
        if ticket is None:
            return Response("There is no such ticket, or it was answered.", status=409)
        await caches.default.delete(TICKETS)
        subject = f"Re: {ticket['subject']} [#{number}]"
        mail = {"from": self.env.ADDRESS, "to": ticket["sender"], "subject": subject, "text": text}
        await self.env.OUTBOX.send(mail)
        return Response(None, status=204)
