"""What outlives the process, however it ends."""

import pytest

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_QUEUE = """
    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            await self.env.QUEUE.send({"sent to": request.url.rpartition("/")[2]})
            return Response("sent")

        async def queue(self, batch, env, ctx):
            for message in batch.messages:
                print("consumed", message.body["sent to"], "attempt", message.attempts)
"""
_OBJECT = """
    import time

    from workers import DurableObject, Response, WorkerEntrypoint


    class Reminder(DurableObject):
        async def remember(self, text):
            await self.ctx.storage.put("text", text)
            await self.ctx.storage.setAlarm(int(time.time() * 1000) + 1500)

        async def recall(self):
            return await self.ctx.storage.get("text")

        async def alarm(self, info):
            print("reminded of", await self.recall())


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            reminder = self.env.REMINDER.getByName("one")
            if request.method == "POST":
                await reminder.remember(await request.text())
            return Response(str(await reminder.recall()))
"""
_REMINDER = {
    "durable_objects": {"bindings": [{"name": "REMINDER", "class_name": "Reminder"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Reminder"]}],
}


def _queues(*, consumed: bool = True, timeout_s: int = 0) -> dict[str, object]:
    consumer = {"queue": "work", "max_batch_timeout": timeout_s}
    return {
        "queues": {
            "producers": [{"binding": "QUEUE", "queue": "work"}],
            "consumers": [consumer] if consumed else [],
        }
    }


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_message_is_delivered_by_the_next_process(
    project: Project, serve: Serve, end: str
) -> None:
    project.configure(**_queues(timeout_s=60))
    project.write(_QUEUE)
    first = serve()
    assert first.client.get("/first").text == "sent"
    getattr(first, end)()
    assert "consumed" not in first.log

    project.configure(**_queues())
    second = serve()

    second.wait_for("consumed first attempt 1")


def test_messages_without_a_consumer_are_kept_and_this_is_said_once(
    project: Project, serve: Serve
) -> None:
    project.configure(**_queues(consumed=False))
    project.write(_QUEUE)
    first = serve()
    first.client.get("/first")
    first.client.get("/second")
    first.kill()
    assert first.log.count('Queue "work" has no consumer') == 1

    project.configure(**_queues())
    second = serve()

    second.wait_for("consumed first")
    second.wait_for("consumed second")


def test_stored_values_and_overdue_alarms_outlive_the_process(
    project: Project, serve: Serve
) -> None:
    project.configure(**_REMINDER)
    project.write(_OBJECT)
    first = serve()
    first.client.post("/", content=b"the milk")
    first.kill()
    assert "reminded" not in first.log

    second = serve()

    second.wait_for("reminded of the milk")
    assert second.client.get("/").text == "the milk"


def test_state_lies_beside_the_configuration_or_where_it_is_told(
    project: Project, serve: Serve
) -> None:
    project.configure(**_queues(consumed=False))
    project.write(_QUEUE)
    elsewhere = project.directory / "elsewhere"

    serve("--persist-to", str(elsewhere)).client.get("/one")

    assert (elsewhere / "queues.sqlite").exists()
    assert not (project.directory / ".flarelocal").exists()
    serve().client.get("/two")
    assert (project.directory / ".flarelocal" / "state" / "queues.sqlite").exists()
