"""The workload, for Python Workers."""

from urllib.parse import parse_qs, urlsplit

from workers import Response, WorkerEntrypoint

VALUE = "v" * 1024
FILE = "f" * 10_240
TABLE = "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)"


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = urlsplit(request.url)
        n = int(parse_qs(url.query).get("n", ["0"])[0])
        work = getattr(self, url.path[1:].replace("-", "_"), None)
        return Response.json({"done": await work(n) if work else 0})

    async def kv_put(self, n):
        for i in range(n):
            await self.env.KV.put(f"k{i}", VALUE)
        return n

    async def kv_get(self, n):
        found = 0
        for i in range(n):
            found += await self.env.KV.get(f"k{i}") == VALUE
        return found

    async def d1_insert(self, n):
        db = self.env.DB
        await db.prepare(TABLE).run()
        await db.prepare("DELETE FROM t").run()
        insert = db.prepare("INSERT INTO t (id, k, v) VALUES (?, ?, ?)")
        for i in range(n):
            await insert.bind(i, f"k{i}", VALUE).run()
        return n

    async def d1_select(self, n):
        found = 0
        select = self.env.DB.prepare("SELECT k FROM t WHERE id = ?")
        for i in range(n):
            found += await select.bind(i).first("k") == f"k{i}"
        return found

    async def r2_put(self, n):
        for i in range(n):
            await self.env.FILES.put(f"k{i}", FILE)
        return n

    async def r2_get(self, n):
        found = 0
        for i in range(n):
            file = await self.env.FILES.get(f"k{i}")
            found += len(await file.text()) == len(FILE)
        return found
