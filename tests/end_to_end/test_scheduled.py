"""The endpoints that fire `scheduled` by hand."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_WORKER = """
    from workers import Response, WorkerEntrypoint

    seen = []


    class Default(WorkerEntrypoint):
        async def scheduled(self, controller, env, ctx):
            seen.append([controller.cron, controller.scheduledTime])
            if controller.cron == "raise":
                raise ValueError("no luck")
            if controller.cron == "never again":
                controller.noRetry()

        async def fetch(self, request):
            return Response.json(seen)
"""
_LOCAL = "/cdn-cgi/local/scheduled"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevProcess]:
    project = Project(tmp_path_factory.mktemp("scheduled"))
    project.write(_WORKER)
    process = DevProcess(project.directory, "--no-reload")
    yield process
    process.close()


@pytest.mark.parametrize("kind", ["local", "handler", "mf"])
def test_the_handler_gets_the_cron_and_the_time(server: DevProcess, kind: str) -> None:
    response = server.client.get(f"/cdn-cgi/{kind}/scheduled?cron=*/5+*+*+*+*&time=1767225600000")

    assert (response.status_code, response.text) == (200, "ok")
    assert server.client.get("/").json()[-1] == ["*/5 * * * *", 1767225600000]


def test_the_older_endpoint_answers_with_a_fixed_text(server: DevProcess) -> None:
    response = server.client.get("/__scheduled?cron=0+6+*+*+*")

    assert (response.status_code, response.text) == (200, "Ran scheduled event")
    assert server.client.get("/").json()[-1][0] == "0 6 * * *"


def test_without_a_cron_the_handler_gets_an_empty_one(server: DevProcess) -> None:
    server.client.get(_LOCAL)

    assert server.client.get("/").json()[-1][0] == ""


def test_an_exception_is_the_outcome(server: DevProcess) -> None:
    response = server.client.get(f"{_LOCAL}?cron=raise")

    assert (response.status_code, response.text) == (500, "exception")
    server.wait_for("ValueError: no luck")


def test_the_older_endpoint_shows_the_exception(server: DevProcess) -> None:
    response = server.client.get("/__scheduled?cron=raise")

    assert response.status_code == 500
    assert "ValueError: no luck" in response.text


def test_the_outcome_as_json(server: DevProcess) -> None:
    fine = server.client.get(f"{_LOCAL}?cron=never+again&format=json")
    failed = server.client.get(f"{_LOCAL}?cron=raise&format=json")

    assert (fine.status_code, fine.text) == (200, '{"outcome":"ok","noRetry":true}')
    assert (failed.status_code, failed.text) == (500, '{"outcome":"exception","noRetry":false}')


@pytest.mark.parametrize("time", ["yesterday", "9" * 30])
def test_a_time_that_is_none_is_refused(server: DevProcess, time: str) -> None:
    before = server.client.get("/").json()

    response = server.client.get(f"{_LOCAL}?time={time}")

    assert response.status_code == 400
    assert "milliseconds" in response.text
    assert server.client.get("/").json() == before


def test_pages_of_other_sites_cannot_fire_it(server: DevProcess) -> None:
    origin = server.client.get(_LOCAL, headers={"Origin": "https://evil.example"})
    host = server.client.get(_LOCAL, headers={"Host": "evil.example"})
    own = server.client.get(_LOCAL, headers={"Origin": server.url})

    assert (origin.status_code, origin.text) == (403, "Invalid Origin header")
    assert (host.status_code, host.text) == (403, "Invalid Host header")
    assert own.status_code == 200


def test_a_worker_without_the_handler_fails(project: Project, serve: Serve) -> None:
    project.write(
        """
        from workers import Response, WorkerEntrypoint


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("only this")
        """
    )
    server = serve()

    response = server.client.get(f"{_LOCAL}?format=json")

    assert response.status_code == 500
    assert response.json()["outcome"] == "exception"
