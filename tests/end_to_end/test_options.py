"""The options of `flarelocal dev`."""

import subprocess
import sys

from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import run_dev
from tests.end_to_end.project import Project

_SHOWS_NAME = """
    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(self.env.NAME)

        async def scheduled(self, controller, env, ctx):
            raise ValueError("no luck")
"""


def test_a_variable_of_the_command_line_comes_first(project: Project, serve: Serve) -> None:
    project.configure(vars={"NAME": "of the file"})
    project.write(_SHOWS_NAME)

    assert serve("--var", "NAME:of:the line").client.get("/").text == "of:the line"


def test_a_variable_without_a_value_is_refused(project: Project) -> None:
    result = run_dev(project.directory, "--var", "NAME")

    assert result.returncode == 2
    assert "NAME:VALUE" in result.stderr


def test_a_named_environment(project: Project, serve: Serve) -> None:
    project.configure(vars={"NAME": "top"}, env={"staging": {"vars": {"NAME": "staging"}}})
    project.write(_SHOWS_NAME)

    assert serve("--env", "staging").client.get("/").text == "staging"


def test_a_file_of_variables(project: Project, serve: Serve) -> None:
    project.write(_SHOWS_NAME)
    project.write("NAME=of another file", "some.env")

    assert serve("--env-file", "some.env").client.get("/").text == "of another file"


_STORES_MUCH = """
    from workers import DurableObject, Response, WorkerEntrypoint


    class Store(DurableObject):
        async def fill(self):
            await self.ctx.storage.put("key", "x" * 3_000_000)


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            await self.env.STORE.getByName("a").fill()
            return Response("stored")
"""


def test_objects_may_store_what_workerd_allows_locally(project: Project, serve: Serve) -> None:
    project.configure(
        durable_objects={"bindings": [{"name": "STORE", "class_name": "Store"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Store"]}],
    )
    project.write(_STORES_MUCH)

    assert "SQLITE_TOOBIG" in serve("--persist-to", "strict").client.get("/").text
    assert serve("--local-limits").client.get("/").text == "stored"


def test_crons_are_shown_with_their_next_run(project: Project, serve: Serve) -> None:
    project.configure(triggers={"crons": ["0 6 * * MON"]})
    project.write(_SHOWS_NAME)

    assert "0 6 * * MON" in serve().log
    assert "off: --no-crons" in serve("--no-crons", "--persist-to", "other").log


def test_quiet_levels_show_only_what_went_wrong(project: Project, serve: Serve) -> None:
    project.configure(vars={"NAME": "any"})
    project.write(_SHOWS_NAME)
    server = serve("--log-level", "error")

    server.client.get("/")
    server.client.get("/cdn-cgi/local/scheduled")

    server.wait_for("ValueError: no luck")
    assert "GET /" not in server.log
    assert "Ready" not in server.log


def test_the_level_none_shows_nothing(project: Project, serve: Serve) -> None:
    project.write(_SHOWS_NAME)
    server = serve("--log-level", "none")

    server.client.get("/cdn-cgi/local/scheduled")
    server.stop()

    assert server.log == ""


def test_the_configuration_may_lie_elsewhere(project: Project, serve: Serve) -> None:
    project.configure(vars={"NAME": "any"})
    project.write(_SHOWS_NAME)
    there = project.directory / "config"
    there.mkdir()
    moved = project.config_file.rename(there / "wrangler.json")
    moved.write_text(moved.read_text().replace("src/entry.py", "../src/entry.py"))

    assert serve("--config", "config/wrangler.json").client.get("/").text == "any"


def test_help_names_every_option() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flarelocal", "dev", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    for option in ("--config", "--env", "--ip", "--port", "--persist-to", "--var", "--no-crons"):
        assert option in result.stdout
