from workers import DurableObject, Response, WorkerEntrypoint


class Room(DurableObject):
    async def post(self, text):
        self.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS posts (text TEXT)")
        self.ctx.storage.sql.exec("INSERT INTO posts VALUES (?)", text)


class User(DurableObject):
    async def rename(self, name):
        await self.ctx.storage.put("name", name)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        room = self.env.ROOMS.getByName("lobby")
        await room.post(await request.text())
        return Response(None, status=204)
