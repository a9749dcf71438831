from workers import Response, WorkerEntrypoint

TEXT = "hello"


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(TEXT)
