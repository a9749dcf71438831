"""The Worker: it hands each request to the room that the path names."""

from urllib.parse import unquote, urlsplit

from workers import Response, WorkerEntrypoint

from room import Room

__all__ = ["Default", "Room"]


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        _, _, room = unquote(urlsplit(request.url).path).partition("/rooms/")
        if not room:
            return Response("Rooms are at /rooms/<name>.", status=404)
        return await self.env.ROOMS.getByName(room).fetch(request)
