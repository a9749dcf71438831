"""What one sees of an exception in a handler."""

from pathlib import Path

import flarelocal
from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_OURS = str(Path(flarelocal.__file__).parent)
_WORKER = """
    from workers import Response, WorkerEntrypoint

    from prices import price


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if request.url.endswith("/fine"):
                return Response("fine")
            return Response(str(price("<apple>")))

        async def scheduled(self, controller, env, ctx):
            price("pear")
"""
_MODULE = """
    def price(name):
        return {}[name]
"""


def test_the_page_shows_the_workers_own_frames(project: Project, serve: Serve) -> None:
    project.write(_WORKER)
    project.write(_MODULE, "src/prices.py")
    server = serve()

    page = server.client.get("/", headers={"Accept": "text/html,*/*;q=0.8"})
    text = server.client.get("/")

    assert (page.status_code, text.status_code) == (500, 500)
    assert page.headers["content-type"].startswith("text/html")
    assert text.headers["content-type"].startswith("text/plain")
    assert "&lt;apple&gt;" in page.text
    assert "<apple>" not in page.text
    for answer in (page.text, text.text):
        assert "entry.py" in answer
        assert "return {}[name]" in answer
        assert "site-packages" not in answer
        assert _OURS not in answer
    assert server.client.get("/fine").text == "fine"


def test_the_terminal_shows_frames_with_source_lines(project: Project, serve: Serve) -> None:
    project.write(_WORKER)
    project.write(_MODULE, "src/prices.py")
    server = serve()

    server.client.get("/there")

    server.wait_for("GET /there 500")
    server.wait_for("KeyError: '<apple>'")
    _, _, trace = server.log.partition("Traceback (most recent call last):\n")
    first, second, *_ = trace.splitlines()
    assert first.endswith('src/entry.py", line 10, in fetch')
    assert second.strip() == 'return Response(str(price("<apple>")))'
    assert _OURS not in trace
    assert "/workers/" not in trace


def test_a_background_task_that_fails_is_shown(project: Project, serve: Serve) -> None:
    project.write(
        """
        from workers import Response, WorkerEntrypoint


        async def fail():
            raise RuntimeError("nobody waits for me")


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                self.ctx.waitUntil(fail())
                return Response("answered")
        """
    )
    server = serve()

    assert server.client.get("/").text == "answered"

    server.wait_for("RuntimeError: nobody waits for me")


def test_what_a_handler_has_to_return_is_said(project: Project, serve: Serve) -> None:
    project.write(
        """
        from workers import WorkerEntrypoint


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return {"not": "a response"}
        """
    )
    server = serve()

    response = server.client.get("/")

    assert response.status_code == 500
    assert "did not resolve to 'Response'" in response.text


def test_a_handler_with_the_wrong_number_of_arguments(project: Project, serve: Serve) -> None:
    project.write(
        """
        from workers import Response, WorkerEntrypoint


        class Default(WorkerEntrypoint):
            async def scheduled(self, controller):
                pass
        """
    )
    server = serve()

    assert server.client.get("/cdn-cgi/local/scheduled").status_code == 500

    server.wait_for("takes 2 positional arguments but 4 were given")
    server.wait_for("write `async def scheduled(self, controller, env, ctx)`")
    assert _OURS not in server.log


def test_an_unknown_binding_is_named(project: Project, serve: Serve) -> None:
    project.configure(vars={"RIGHT": "value"})
    project.write(
        """
        from workers import Response, WorkerEntrypoint


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(self.env.MISSPELT)
        """
    )
    server = serve()

    assert server.client.get("/").status_code == 500

    server.wait_for("Hint: There is no binding called MISSPELT; there are: RIGHT.")
