"""The workload, for Python Workers."""

import time
from urllib.parse import parse_qs, urlsplit

from workers import DurableObject, Response, WorkerEntrypoint

counts = {"done": 0, "alarms": 0}


class Store(DurableObject):
    async def put(self, n):
        for i in range(n):
            await self.ctx.storage.put(f"k{i}", {"i": i, "v": f"value-{i}"})
        return n

    async def get(self, n):
        found = 0
        for i in range(n):
            found += (await self.ctx.storage.get(f"k{i}"))["i"] == i
        return found

    async def insert(self, n):
        sql = self.ctx.storage.sql
        sql.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)")
        sql.exec("DELETE FROM t")
        for i in range(n):
            sql.exec("INSERT INTO t (id, k, v) VALUES (?, ?, ?)", i, f"k{i}", f"value-{i}")
        return n

    async def select(self, n):
        found = 0
        for i in range(n):
            row = self.ctx.storage.sql.exec("SELECT v FROM t WHERE id = ?", i).one()
            found += row["v"] == f"value-{i}"
        return found


class Counter(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.count = 0

    async def increase(self):
        self.count += 1
        return self.count

    async def fetch(self, request):
        return Response(str(await self.increase()))


class Clock(DurableObject):
    async def arm(self, when):
        await self.ctx.storage.setAlarm(when)
        return 1

    async def alarm(self, info):
        counts["alarms"] += 1


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = urlsplit(request.url)
        given = {name: values[0] for name, values in parse_qs(url.query).items()}
        work = url.path[1:]
        n, run = int(given.get("n", 0)), given.get("run")
        if work in ("put", "get", "insert", "select"):
            counts["done"] = await getattr(self.env.STORE.getByName("store"), work)(n)
        elif work == "rpc":
            stub = self.env.COUNTER.getByName(f"rpc-{run}")
            for _ in range(n):
                counts["done"] = await stub.increase()
        elif work == "fetch":
            stub = self.env.COUNTER.getByName(f"fetch-{run}")
            for _ in range(n):
                counts["done"] = int(await (await stub.fetch("http://object/")).text())
        elif work == "objects":
            counts["done"] = 0
            for i in range(n):
                counts["done"] += await self.env.COUNTER.getByName(f"{run}-{i}").increase()
        elif work == "alarms":
            counts["done"] = 0
            now = int(time.time() * 1000)
            for i in range(n):
                counts["done"] += await self.env.CLOCK.getByName(f"{run}-{i}").arm(now)
        return Response.json(counts)
