"""Long exports: a Durable Object keeps how far each one is, the queue carries it on."""

import time

from workers import DurableObject

from alerts import alert

ROWS_PER_STEP = 10


class ExportWorkflow(DurableObject):
    """One export. It is done step by step, and given up when it takes too long."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.storage = ctx.storage
        self.storage.sql.exec("CREATE TABLE IF NOT EXISTS line (number INTEGER PRIMARY KEY, text)")

    async def start(self, export_id, rows):
        """Begin, or say how far it is if it began before."""
        state = await self.status()
        if state is None:
            deadline = int(time.time() * 1000) + int(self.env.EXPORT_TIMEOUT_SECONDS) * 1000
            state = {"id": export_id, "status": "running", "rows": rows, "step": 0}
            state["deadline"] = deadline
            await self.storage.put("state", state)
            await self.storage.setAlarm(deadline)
            await self._queue_step(state)
        return state

    async def status(self):
        return await self.storage.get("state")

    async def step(self, number):
        """Do one step; a step that was done before, or comes too late, changes nothing."""
        state = await self.status()
        if state["status"] != "running" or state["step"] != number:
            return state
        first = number * ROWS_PER_STEP
        last = min(first + ROWS_PER_STEP, state["rows"])
        for row in range(first, last):
            self.storage.sql.exec("INSERT INTO line VALUES (?, ?)", row, f"{row},row {row}")
        state["step"] += 1
        if last == state["rows"]:
            state["status"] = "done"
            await self.storage.deleteAlarm()
        await self.storage.put("state", state)
        if state["status"] == "running":
            await self._queue_step(state)
        return state

    async def csv(self):
        lines = self.storage.sql.exec("SELECT text FROM line ORDER BY number").toArray()
        return "".join(f"{line['text']}\n" for line in lines)

    async def alarm(self, alarm_info):
        """The time is up."""
        state = await self.status()
        if state["status"] == "running":
            state["status"] = "timed out"
            await self.storage.put("state", state)
            await alert(self.env, f"Export {state['id']} took too long", state)

    async def _queue_step(self, state):
        message = {"type": "export.step", "export": state["id"], "step": state["step"]}
        await self.env.JOBS_QUEUE.send(message)


async def step_export(env, export_id, number):
    await env.EXPORTS.getByName(export_id).step(number)
