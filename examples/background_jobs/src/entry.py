"""The Worker: where requests, queue batches and crons come in."""

from workers import WorkerEntrypoint

from consumer import consume
from dead_letters import bury
from exports import ExportWorkflow
from routes import route
from schedules import SCHEDULES

__all__ = ["Default", "ExportWorkflow"]

QUEUES = {"background-jobs": consume, "background-jobs-dead": bury}


class Default(WorkerEntrypoint):
    # The runtime passes env and ctx as well, but empty: self has the real ones.

    async def fetch(self, request):
        return await route(request, self.env, self.ctx)

    async def queue(self, batch, env, ctx):
        await QUEUES[batch.queue](batch, self.env)

    async def scheduled(self, controller, env, ctx):
        await SCHEDULES[controller.cron](controller.scheduledTime, self.env)
