from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        pages = await self.env.DB.prepare("SELECT path, title FROM pages").all()
        return Response.json({"pages": pages.results, "version": self.env.VERSION.id})
