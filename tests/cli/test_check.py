"""`flarelocal check`: what can be known without running the Worker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flarelocal.cli import main
from tests.end_to_end.project import Project

_HEAD = "from workers import DurableObject, Response, WorkerEntrypoint\n"
_CONSUMER = {"consumers": [{"queue": "jobs"}]}
_OBJECT: dict[str, Any] = {
    "durable_objects": {"bindings": [{"name": "ROOMS", "class_name": "Room"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}],
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def _check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def _errors() -> list[str]:
    """The errors as `line: message`."""
    result = _check("--json")
    answer = json.loads(result.stdout)
    assert answer["ok"] is (not answer["errors"]) is (result.exit_code == 0)
    return [f"{error['line'] or 0}: {error['message']}" for error in answer["errors"]]


def _warnings() -> list[str]:
    return [each["message"] for each in json.loads(_check("--json").stdout)["warnings"]]


def _worker(project: Project, *methods: str, head: str = "") -> None:
    body = "".join(f"    {method}: ...\n" for method in methods or ["async def fetch(self, r)"])
    project.write(f"{_HEAD}{head}class Default(WorkerEntrypoint):\n{body}")


def test_nothing_is_said_of_a_worker_that_is_right(project: Project) -> None:
    project.configure(queues=_CONSUMER, triggers={"crons": ["0 9 * * MON"]}, **_OBJECT)
    _worker(
        project,
        "async def queue(self, batch, env, ctx)",
        "def scheduled(self, *given)",
        head="import json, asyncio, threading\nclass Room(DurableObject): ...\n",
    )

    result = _check()

    assert (result.exit_code, result.output) == (0, "All is well.\n")


def test_errors_of_the_config_are_told_with_their_places(project: Project) -> None:
    project.configure(queues={"consumers": [{"queue": 1}]})

    result = _check()

    assert result.exit_code == 1
    assert "Error: wrangler.json:" in result.output
    assert "queue" in result.output


def test_what_is_right_in_a_wrong_config_is_checked_with_the_code(project: Project) -> None:
    project.configure(queues={"consumers": 1}, triggers={"crons": ["0 9 * * 0"]}, **_OBJECT)
    project.write(f"{_HEAD}import tkinter\nclass Default(WorkerEntrypoint): ...\n")

    queues, cron, module, handler, bound = _errors()

    assert '"queues.consumers" should be an array' in queues
    assert "invalid cron string: 0 9 * * 0" in cron
    assert "no module 'tkinter'" in module
    assert "no handler `scheduled`" in handler
    assert "needs the class Room" in bound


def test_without_its_main_module_the_others_are_checked(project: Project) -> None:
    project.configure(main="gone.py")
    project.write("import tkinter\n")

    missing, module = _errors()

    assert 'entry-point file at "gone.py" was not found' in missing
    assert "no module 'tkinter'" in module


def test_crons_that_cloudflare_refuses_are_errors(project: Project) -> None:
    project.configure(triggers={"crons": ["0 9 * * 0", "0 9 * * MON", "0 9 * * 2"]})
    _worker(project, "async def scheduled(self, controller, env, ctx)")

    zero, duplicate = _errors()

    assert "invalid cron string: 0 9 * * 0" in zero
    assert "already exists in the form of" in duplicate


def test_crons_that_may_surprise_are_warnings(project: Project) -> None:
    project.configure(triggers={"crons": ["0 0 31 2 *"]})
    _worker(project, "async def scheduled(self, controller, env, ctx)")

    assert _errors() == []
    assert any("this never fires" in warning for warning in _warnings())


def test_the_numbers_of_weekdays_are_noted(project: Project) -> None:
    project.configure(triggers={"crons": ["0 9 * * 1"]})
    _worker(project, "async def scheduled(self, controller, env, ctx)")

    result = _check()

    assert result.exit_code == 0
    assert 'Note: wrangler.json:10:7: "0 9 * * 1": 1 is Sunday here' in result.output


@pytest.mark.parametrize(
    "signature",
    ["(self, batch)", "(self, batch, env)", "(self, b, e, c, d)", "(self, b, e, c, *, key)"],
)
def test_a_handler_must_take_three_arguments(project: Project, signature: str) -> None:
    _worker(project, f"async def queue{signature}")

    [error] = _errors()

    assert error.startswith("3: `queue` is called with exactly (self, batch, env, ctx)")


@pytest.mark.parametrize(
    "signature", ["(self, b, e, c)", "(self, b, e=None, c=None)", "(self, b, *rest)", "(*all)"]
)
def test_a_handler_may_take_them_in_any_way(project: Project, signature: str) -> None:
    _worker(project, f"async def queue{signature}")

    assert _errors() == []


def test_a_handler_that_the_config_needs_must_exist(project: Project) -> None:
    project.configure(queues=_CONSUMER, triggers={"crons": ["* * * * *"]})
    _worker(project)

    queue, scheduled = _errors()

    assert "a consumer of jobs, but Default has no handler `queue`" in queue
    assert "crons, but Default has no handler `scheduled`" in scheduled


def test_handlers_that_a_base_may_have_are_not_missed(project: Project) -> None:
    project.configure(queues=_CONSUMER)
    project.write("class Base: ...\n", "src/base.py")
    project.write("from base import Base\nclass Default(Base): ...\n")

    assert _errors() == []


def test_functions_are_no_handlers_any_more(project: Project) -> None:
    project.write("async def on_fetch(request, env): ...\n")

    [error] = _errors()

    assert "no class Default, and functions such as on_fetch are no handlers" in error


def test_functions_were_handlers(project: Project) -> None:
    project.configure(compatibility_date="2025-06-01")
    project.write("async def on_fetch(request, env): ...\n")

    assert _errors() == []


def test_classes_that_bindings_name_must_exist(project: Project) -> None:
    project.configure(**_OBJECT)
    _worker(project)

    assert _errors() == [
        "0: The binding ROOMS needs the class Room, which the main module does not have"
    ]


def test_classes_that_bindings_name_must_be_of_the_right_kind(project: Project) -> None:
    project.configure(**_OBJECT)
    _worker(project, head="class Room(WorkerEntrypoint): ...\n")

    assert _errors() == ["2: The binding ROOMS needs Room to be a DurableObject"]


def test_classes_may_be_imported_or_derived(project: Project) -> None:
    project.configure(**_OBJECT)
    _worker(project, head="class Base(DurableObject): ...\nclass Room(Base): ...\n")
    assert _errors() == []

    project.write(f"{_HEAD}class Room(DurableObject): ...\n", "src/rooms.py")
    _worker(project, head="from rooms import Room\n")
    assert _errors() == []


@pytest.mark.parametrize("statement", ["import fcntl", "from tkinter import ttk", "import pty"])
def test_modules_that_pyodide_lacks_are_errors(project: Project, statement: str) -> None:
    _worker(project, head=f"{statement}\n")

    [error] = _errors()

    assert error.startswith("2: Pyodide has no module")


def test_modules_that_are_imported_with_care_are_only_warned_of(project: Project) -> None:
    _worker(project, head="try:\n    import fcntl\nexcept ImportError:\n    fcntl = None\n")

    assert _errors() == []
    assert _warnings() == ["Pyodide has no module 'fcntl'"]


def test_a_module_that_is_nowhere_is_an_error(project: Project) -> None:
    _worker(project, head="import nothing_of_that_name\n")

    assert _errors() == ["2: There is no module 'nothing_of_that_name'"]


def test_modules_beside_the_main_one_and_vendored_are_found(project: Project) -> None:
    project.write("", "src/beside.py")
    project.write("", "python_modules/vendored/__init__.py")
    _worker(project, head="import beside, vendored\n")

    assert _errors() == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import threading as t\nt.Thread(target=print)", "threading.Thread"),
        ("from threading import Thread\nThread()", "threading.Thread"),
        ("import subprocess\nsubprocess.run('ls')", "subprocess.run"),
        ("import socket\nsocket.socket()", "socket.socket"),
        ("from multiprocessing import Pool\nPool()", "multiprocessing.Pool"),
        (
            "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor()",
            "concurrent.futures.ThreadPoolExecutor",
        ),
    ],
)
def test_calls_that_cannot_work_are_errors_in_any_module(
    project: Project, code: str, name: str
) -> None:
    _worker(project)
    project.write(f"{code}\n", "src/deep/other.py")

    assert _errors() == [f"2: {name} does not work in the Workers runtime"]


def test_a_syntax_error_has_a_place(project: Project) -> None:
    project.write("x = 1\ndef f(:\n")

    result = _check()

    assert result.exit_code == 1
    assert "src/entry.py:2:7: SyntaxError" in result.output


def test_a_main_module_that_does_not_exist_is_an_error() -> None:
    [error] = _errors()

    assert "was not found" in error


def test_the_code_is_not_run(project: Project) -> None:
    _worker(project, head="raise SystemExit(3)\n")

    assert _check().exit_code == 0
