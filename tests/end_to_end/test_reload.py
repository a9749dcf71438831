"""Changes of the Worker's files while the server runs."""

import threading
from pathlib import Path

import httpx2
import pytest

import flarelocal
from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import wait_until
from tests.end_to_end.project import Project

_HELLO = """
    from workers import Response, WorkerEntrypoint

    from greeting import TEXT


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(TEXT)
"""
_COUNTER = """
    from workers import DurableObject, Response, WorkerEntrypoint

    STEP = 1


    class Counter(DurableObject):
        async def add(self):
            value = (await self.ctx.storage.get("value") or 0) + STEP
            await self.ctx.storage.put("value", value)
            return value


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            await self.env.QUEUE.send("queued before the change")
            return Response(str(await self.env.COUNTER.getByName("one").add()))

        async def queue(self, batch, env, ctx):
            print([message.body for message in batch.messages], STEP)
"""
_BINDINGS = {
    "queues": {
        "producers": [{"binding": "QUEUE", "queue": "work"}],
        "consumers": [{"queue": "work", "max_batch_timeout": 3}],
    },
    "durable_objects": {"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
}


def test_a_changed_module_is_taken_up(project: Project, serve: Serve) -> None:
    project.write(_HELLO)
    project.write('TEXT = "before"', "src/greeting.py")
    server = serve()
    assert server.client.get("/").text == "before"

    project.write('TEXT = "after"', "src/greeting.py")

    server.wait_for("Reloaded (greeting.py)")
    assert server.client.get("/").text == "after"


def test_queued_messages_and_stored_objects_outlive_a_reload(
    project: Project, serve: Serve
) -> None:
    project.configure(**_BINDINGS)
    project.write(_COUNTER)
    server = serve()
    assert server.client.get("/").text == "1"

    project.write(_COUNTER.replace("STEP = 1", "STEP = 10"))

    server.wait_for("Reloaded (entry.py)")
    server.wait_for("['queued before the change'] 10")
    assert server.client.get("/").text == "11"


def test_broken_code_is_shown_and_the_server_goes_on_once_it_is_mended(
    project: Project, serve: Serve
) -> None:
    project.write(_HELLO)
    project.write('TEXT = "before"', "src/greeting.py")
    server = serve()

    project.write("TEXT = ", "src/greeting.py")
    server.wait_for("SyntaxError: invalid syntax")
    assert str(Path(flarelocal.__file__).parent) not in server.log
    project.write('TEXT = "mended"', "src/greeting.py")

    server.wait_for("Reloaded")
    assert server.client.get("/").text == "mended"


def test_a_request_that_comes_while_the_code_is_broken_is_told_so(
    project: Project, serve: Serve
) -> None:
    project.write(_HELLO)
    project.write('TEXT = "before"', "src/greeting.py")
    server = serve()

    project.write("TEXT = ", "src/greeting.py")
    server.wait_for("SyntaxError: invalid syntax")

    response = server.client.get("/")
    assert response.status_code == 500
    assert "SyntaxError: invalid syntax" in response.text


def test_a_changed_configuration_is_taken_up(project: Project, serve: Serve) -> None:
    project.configure(vars={"NAME": "before"})
    project.write(
        """
        from workers import Response, WorkerEntrypoint


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(self.env.NAME)
        """
    )
    server = serve()
    assert server.client.get("/").text == "before"

    project.configure(vars={"NAME": "after"})
    server.wait_for("Reloaded (wrangler.json)")

    assert server.client.get("/").text == "after"


def test_a_wrong_configuration_changes_nothing(project: Project, serve: Serve) -> None:
    project.write(_HELLO)
    project.write('TEXT = "before"', "src/greeting.py")
    server = serve()

    project.configure(triggers={"crons": "* * * * *"})

    server.wait_for('Expected "triggers.crons" to be of type array')
    assert server.client.get("/").text == "before"


def test_variables_are_read_again(project: Project, serve: Serve) -> None:
    project.write(
        """
        from workers import Response, WorkerEntrypoint


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(getattr(self.env, "SECRET", "none"))
        """
    )
    server = serve()
    assert server.client.get("/").text == "none"

    project.write("SECRET=sesame", ".dev.vars")

    wait_until(lambda: server.client.get("/").text == "sesame", lambda: server.log)
    assert "sesame" not in server.log


_SLOW_OBJECT = """
    import asyncio

    from workers import DurableObject, Response, WorkerEntrypoint

    TIMES = 500


    class Slow(DurableObject):
        async def work(self):
            print("the object works")
            for _ in range(TIMES):
                await asyncio.sleep(0.05)
            return "done"


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(await self.env.SLOW.getByName("one").work())
"""


@pytest.mark.parametrize(
    ("method", "status", "text"),
    [("GET", 200, "done"), ("POST", 503, "Your worker restarted mid-request.")],
)
def test_of_requests_that_fail_by_a_reload_only_those_that_read_are_repeated(
    project: Project, serve: Serve, method: str, status: int, text: str
) -> None:
    project.configure(
        durable_objects={"bindings": [{"name": "SLOW", "class_name": "Slow"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Slow"]}],
    )
    project.write(_SLOW_OBJECT)
    server = serve()
    answers: list[httpx2.Response] = []
    asking = threading.Thread(target=lambda: answers.append(server.client.request(method, "/")))
    asking.start()
    server.wait_for("the object works")

    project.write(_SLOW_OBJECT.replace("500", "1"))

    asking.join()
    [answer] = answers
    assert answer.status_code == status
    assert answer.text.startswith(text)
    assert answer.headers.get("retry-after") == ("0" if status == 503 else None)
    assert "Slow(one).work canceled" in server.log
