"""What several Workers have each for itself."""

from __future__ import annotations

from pathlib import Path

from flarelocal.clock import VirtualClock
from flarelocal.config import load_config
from flarelocal.emulator import Emulator, Program
from flarelocal.javascript.web.request import Request
from tests.emulated import write_project
from tests.emulator.conftest import Several, StartSeveral

_ENTRY = """
import dataclasses, sys, typing
import helper
from workers import env, wait_until

@dataclasses.dataclass
class Thing:
    name: "typing.ClassVar[str]" = "{name}"
    other: "Thing | None" = None

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        import late
        {body}
"""


def _worker(name: str, body: str) -> tuple[str, dict[str, object]]:
    return _ENTRY.format(name=name, body=body), {"vars": {"NAME": name}}


async def _pair(start: StartSeveral, tmp_path: Path, body: str) -> Several:
    for name in ("alpha", "beta"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "helper.py").write_text(f"NAME = '{name}'\ncount = 0\n")
        (tmp_path / name / "late.py").write_text(f"NAME = 'late {name}'\n")
    several: Several = await start(alpha=_worker("alpha", body), beta=_worker("beta", body))
    return several


async def _both(several: Several) -> list[str]:
    return [await several.get(worker=name) for name in ("alpha", "beta", "alpha")]


async def test_modules_of_one_name(start: StartSeveral, tmp_path: Path) -> None:
    several = await _pair(start, tmp_path, "return Response(f'{helper.NAME}, {late.NAME}')")
    assert await _both(several) == ["alpha, late alpha", "beta, late beta", "alpha, late alpha"]


async def test_memory(start: StartSeveral, tmp_path: Path) -> None:
    body = "helper.count += 1; return Response(str(helper.count))"
    several = await _pair(start, tmp_path, body)
    assert await _both(several) == ["1", "1", "2"]


async def test_what_libraries_look_up_by_the_name_of_a_module(
    start: StartSeveral, tmp_path: Path
) -> None:
    body = "return Response(sys.modules[Thing.__module__].Thing.name)"
    several = await _pair(start, tmp_path, body)
    assert await _both(several) == ["alpha", "beta", "alpha"]


async def test_modules_after_waiting(start: StartSeveral, tmp_path: Path) -> None:
    body = """
        import asyncio, importlib
        found = []
        for _ in range(3):
            await asyncio.sleep(0)
            found.append(importlib.import_module("helper").NAME)
        return Response(" ".join(found))
    """.strip()
    several = await _pair(start, tmp_path, body)
    assert await _both(several) == ["alpha alpha alpha", "beta beta beta", "alpha alpha alpha"]


async def test_the_environment(start: StartSeveral, tmp_path: Path) -> None:
    body = "return Response(f'{env.NAME} {self.env.NAME}')"
    several = await _pair(start, tmp_path, body)
    assert await _both(several) == ["alpha alpha", "beta beta", "alpha alpha"]


async def test_globals_of_javascript(start: StartSeveral, tmp_path: Path) -> None:
    body = """
        import js
        js.mine = getattr(js, "mine", "") + helper.NAME
        return Response(js.mine)
    """.strip()
    several = await _pair(start, tmp_path, body)
    assert await _both(several) == ["alpha", "beta", "alphaalpha"]


async def test_rules_of_their_dates(start: StartSeveral) -> None:
    body = """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                import js, pyodide
                value = js.JSON.parse("null")
                return Response(f"{pyodide.__version__} {value!r}")
    """
    flags = ["python_workers", "python_no_global_handlers"]
    old = {"compatibility_date": "2024-09-01", "compatibility_flags": flags}
    several = await start(alpha=(body, old), beta=(body, {}))
    assert await _both(several) == ["0.26.0a2 None", "314.0.4 jsnull", "0.26.0a2 None"]


async def test_one_worker_can_change_its_date(start: StartSeveral) -> None:
    body = """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                import pyodide
                return Response(pyodide.__version__)
    """
    several = await start(alpha=(body, {}), beta=(body, {}))
    path = several.write("beta", body, compatibility_date="2025-10-01")
    await several.emulator.reload(load_config(path, process_env={}).config, worker="beta")
    assert await _both(several) == ["314.0.4", "0.28.2", "314.0.4"]


async def test_one_emulator_after_the_other(tmp_path: Path) -> None:
    seen = []
    for name in ("alpha", "beta"):
        directory = tmp_path / name
        directory.mkdir()
        (directory / "helper.py").write_text(f"NAME = '{name}'\n")
        path = write_project(
            directory,
            """
            import helper
            class Default(WorkerEntrypoint):
                async def fetch(self, request):
                    return Response(helper.NAME)
            """,
        )
        async with Emulator.from_config(path, crons=False) as emulator:
            response = await emulator.fetch(Request("http://x/"))
            seen.append((await response.read()).decode())
    assert seen == ["alpha", "beta"]


async def test_a_program_is_loaded_once_for_many_emulators(tmp_path: Path) -> None:
    path = write_project(
        tmp_path,
        """
        from workers import env
        loaded = []
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                loaded.append(await env.KV.get("key"))
                await env.KV.put("key", "value")
                return Response(repr(loaded))
        """,
        kv_namespaces=[{"binding": "KV"}],
    )
    seen = []
    with Program(load_config(path, process_env={}).config) as program:
        for _ in range(2):
            async with Emulator(program, clock=VirtualClock(), crons=False) as emulator:
                response = await emulator.fetch(Request("http://x/"))
                seen.append((await response.read()).decode())
    assert seen == ["[None]", "[None, None]"]


async def test_environment_variables(start: StartSeveral, tmp_path: Path) -> None:
    body = """
        import os
        seen = os.environ.setdefault("FIRST", self.env.NAME)
        return Response(f"{seen} {os.environ['HOME']}")"""
    several = await _pair(start, tmp_path, body)
    assert await _both(several) == ["alpha /session", "beta /session", "alpha /session"]
