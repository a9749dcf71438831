"""Workers that run pytest themselves, as Cloudflare's own suites do."""

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_WORKER = """
    import io
    from contextlib import redirect_stdout
    from pathlib import Path

    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            import pytest

            said = io.StringIO()
            with redirect_stdout(said):
                status = pytest.main([str(Path(__file__).parent), "-p", "no:cacheprovider"])
            return Response(said.getvalue() + f"status {int(status)}")
"""

_TESTS = """
    import asyncio

    from workers import env


    def test_bindings_are_those_of_the_worker():
        assert env.GREETING == "hello"


    def test_no_other_emulator_comes_up(pytestconfig):
        assert not pytestconfig.pluginmanager.has_plugin("flarelocal-hooks")


    def test_blocking_code_may_wait():
        assert asyncio.run(asyncio.sleep(0.01, "waited")) == "waited"
"""


def test_the_plugin_leaves_them_alone(project: Project, serve: Serve) -> None:
    project.configure(vars={"GREETING": "hello"})
    project.write(_WORKER)
    project.write(_TESTS, "src/test_within.py")
    project.write("[tool.pytest.ini_options]", "pyproject.toml")
    said = serve().client.get("/").text
    assert "3 passed" in said
    assert said.endswith("status 0")
