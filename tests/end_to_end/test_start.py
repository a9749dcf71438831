"""Starts that fail: one clear message, exit status 1, and never flarelocal's own stack."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import flarelocal
from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import run_dev
from tests.end_to_end.project import Project

_HELLO = """
    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response("hello")
"""


Fails = Callable[..., str]


@pytest.fixture
def fails(project: Project) -> Fails:
    """Run a server that does not start; gives what it says."""

    def run(*options: str) -> str:
        result = run_dev(project.directory, *options)
        assert result.returncode == 1, result
        assert str(Path(flarelocal.__file__).parent) not in result.stderr
        assert result.stdout == ""
        return result.stderr

    return run


def test_there_is_no_configuration(tmp_path: Path) -> None:
    result = run_dev(tmp_path)

    assert result.returncode == 1
    assert "wrangler.jsonc" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_main_module_is_missing(project: Project, fails: Fails) -> None:
    message = fails()

    assert str(Path("src") / "entry.py") in message
    assert "Traceback" not in message


def test_the_configuration_names_no_main_module(project: Project, fails: Fails) -> None:
    project.config_file.write_text(json.dumps({"name": "tested"}))

    assert "main" in fails()


def test_the_main_module_cannot_be_imported(project: Project, fails: Fails) -> None:
    project.write("import nowhere_to_be_found")

    message = fails()

    assert "ModuleNotFoundError: No module named 'nowhere_to_be_found'" in message
    assert "    import nowhere_to_be_found" in message


def test_the_main_module_has_a_syntax_error(project: Project, fails: Fails) -> None:
    project.write("def broken(:\n    pass")

    message = fails()

    assert "def broken(:" in message
    assert "SyntaxError" in message


def test_the_main_module_shows_a_name_that_it_does_not_have(project: Project, fails: Fails) -> None:
    project.write(_HELLO + '\n    __all__ = ["Missing"]\n')

    assert "Missing" in fails()


def test_the_class_of_a_durable_object_is_not_there(project: Project, fails: Fails) -> None:
    project.configure(
        durable_objects={"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
    )
    project.write(_HELLO)

    assert "Counter" in fails()


def test_the_port_is_in_use(project: Project, fails: Fails) -> None:
    project.write(_HELLO)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        message = fails("--port", str(port))

    assert f"Address already in use (127.0.0.1:{port})" in message


def test_the_address_is_not_one_of_this_machine(project: Project, fails: Fails) -> None:
    project.write(_HELLO)

    assert "--ip" in fails("--ip", "192.0.2.1")


def test_a_state_file_is_corrupt(project: Project, fails: Fails) -> None:
    project.write(_HELLO)
    state = project.directory / ".flarelocal" / "state"
    state.mkdir(parents=True)
    (state / "queues.sqlite").write_bytes(b"this is no database" * 100)

    message = fails()

    assert str(state / "queues.sqlite") in message
    assert "delete it" in message


def test_the_state_of_an_object_is_corrupt(project: Project, fails: Fails) -> None:
    project.configure(
        durable_objects={"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
    )
    project.write(
        _HELLO + "\n    from workers import DurableObject\n"
        "    class Counter(DurableObject):\n        pass\n"
    )
    alarms = project.directory / ".flarelocal" / "state" / "do" / "tested-Counter"
    alarms.mkdir(parents=True)
    (alarms / "metadata.sqlite").write_bytes(b"this is no database" * 100)

    assert "metadata.sqlite" in fails()


def test_the_state_is_in_use(project: Project, serve: Serve, fails: Fails) -> None:
    project.write(_HELLO)
    running = serve()

    message = fails()

    assert "in use by another flarelocal" in message
    assert f"which answers at {running.url}" in message
    assert "flarelocal dev -c one -c another" in message
    assert "--persist-to" in message


def test_the_state_directory_cannot_be_made(project: Project, fails: Fails) -> None:
    project.write(_HELLO)
    file = project.directory / "a-file"
    file.write_text("")

    assert "--persist-to" in fails("--persist-to", str(file / "below"))


def test_crons_are_a_string(project: Project, fails: Fails) -> None:
    project.configure(triggers={"crons": "* * * * *"})
    project.write(_HELLO)

    message = fails()

    assert "wrangler.json:" in message
    assert 'Expected "triggers.crons" to be of type array' in message


@pytest.mark.parametrize(
    ("crons", "said"),
    [(["61 * * * *"], "61 * * * *"), (["0 6 * * *", "0 6 * * *"], "0 6 * * *")],
)
def test_crons_that_cloudflare_refuses(
    project: Project, fails: Fails, crons: list[str], said: str
) -> None:
    project.configure(triggers={"crons": crons})
    project.write(_HELLO)

    assert said in fails()


def test_the_configuration_is_no_json(project: Project, fails: Fails) -> None:
    project.config_file.write_text('{\n  "name": "tested"\n  "main": "src/entry.py"\n}')

    assert "wrangler.json:3:3" in fails()


def test_handlers_that_events_will_not_find_are_told(project: Project, serve: Serve) -> None:
    project.configure(queues={"consumers": [{"queue": "jobs"}]})
    project.write(_HELLO)
    server = serve()
    server.wait_for("The config has a consumer of jobs, but Default has no handler `queue`")

    project.write(_HELLO + "        async def queue(self, batch): ...\n")
    server.wait_for("`queue` is called with exactly (self, batch, env, ctx)")


def test_a_trailing_comma_is_fine(project: Project, serve: Serve) -> None:
    text = project.config_file.read_text()
    project.config_file.write_text(text.replace("\n}", ",\n}"))
    project.write(_HELLO)

    assert serve().client.get("/").text == "hello"


def test_an_unknown_environment(project: Project, fails: Fails) -> None:
    project.configure(env={"staging": {}})
    project.write(_HELLO)

    assert 'No environment found in configuration with name "production"' in fails(
        "--env", "production"
    )


def test_a_missing_configuration_file(project: Project, fails: Fails) -> None:
    assert "elsewhere.jsonc" in fails("--config", "elsewhere.jsonc")


def test_what_may_surprise_about_crons_is_told(project: Project, serve: Serve) -> None:
    project.configure(triggers={"crons": ["0 9 * * 1", "0 0 31 2 *"]})
    project.write(_HELLO)

    server = serve()

    server.wait_for('wrangler.json:10:7: "0 9 * * 1": 1 is Sunday here')
    server.wait_for('Warning: wrangler.json:11:7: "0 0 31 2 *": this never fires')


def test_crons_that_cloudflare_refuses_are_shown_where_they_stand(
    project: Project, fails: Fails
) -> None:
    project.configure(triggers={"crons": ["0 9 * * 0"]})
    project.write(_HELLO)

    assert fails().startswith("wrangler.json:10:7: invalid cron string: 0 9 * * 0 [code: 10100]")
