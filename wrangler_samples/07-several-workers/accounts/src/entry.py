from workers import DurableObject, WorkerEntrypoint


class Session(DurableObject):
    async def user(self):
        return await self.ctx.storage.get("user")


class Admin(WorkerEntrypoint):
    async def close(self, user):
        return f"{user} closed"


class Default(WorkerEntrypoint):
    async def user_of(self, token):
        return await self.env.SESSIONS.getByName(token).user()
