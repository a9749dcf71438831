from workers import WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def scheduled(self, controller, env, ctx):
        match controller.cron:
            case "*/15 * * * *":
                await self.env.REPORTS.put("last-refresh", str(controller.scheduledTime))
            case "0 6 * * MON-FRI":
                await self.env.REPORTS.put("daily", "…")
            case "30 23 L * *":
                await self.env.REPORTS.put("monthly", "…")
