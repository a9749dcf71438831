"""The Worker that the world sees."""

from urllib.parse import urlsplit

from texts import answer
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        route = request.method, urlsplit(request.url).path
        match route:
            case "POST", "/texts":
                await self.env.TEXTS.send({"text": await request.text()})
                return Response(answer("accepted"), status=202)
            case "GET", "/count":
                counter = self.env.COUNTERS.getByName("words")
                return Response(answer(await counter.value()))
            case "POST", "/longest":
                return Response(answer(await self.env.JOBS.longest(await request.text())))
            case "POST", "/reset":
                return Response(answer(await self.env.ADMIN.reset()))
            case _:
                return Response(answer("not found"), status=404)
