"""What production refuses is refused here, too, until the user says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flarelocal.config import load_config
from flarelocal.config.own import Leniency
from flarelocal.emulator import Emulator, StartError
from flarelocal.javascript.web.request import Request
from flarelocal.worker.events import InvocationFinished
from tests.emulated import write_project

_STORES = """
    class Store(DurableObject):
        async def fill(self):
            await self.ctx.storage.put("key", "x" * 3_000_000)

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            await self.env.STORE.getByName("a").fill()
            return Response("stored")
    """
_OBJECTS = {
    "durable_objects": {"bindings": [{"name": "STORE", "class_name": "Store"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Store"]}],
}
_SENDS = """
    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            await self.env.JOBS.send("x" * 200_000)
            return Response("sent")
    """
_QUEUES = {"queues": {"producers": [{"binding": "JOBS", "queue": "jobs"}]}}
_DERIVES = """
    from js import Object, crypto
    from pyodide.ffi import to_js

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            key = await crypto.subtle.importKey(
                "raw", to_js(b"password"), "PBKDF2", False, to_js(["deriveBits"])
            )
            algorithm = {
                "name": "PBKDF2",
                "hash": "SHA-256",
                "salt": b"salt",
                "iterations": 100_001,
            }
            algorithm = to_js(algorithm, dict_converter=Object.fromEntries)
            await crypto.subtle.deriveBits(algorithm, key, 256)
            return Response("derived")
    """
_READS = """
    import os

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(os.environ["REGION"])
    """
_DRAWS = """
    import random
    NUMBER = random.random()

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response("drawn")
    """


async def answer(directory: Path, source: str, config: dict[str, Any], *lenient: Leniency) -> str:
    """What the Worker answers, or the traceback that its developer sees."""
    loaded = load_config(write_project(directory, source, **config), process_env={})
    async with Emulator(loaded.config, lenient=lenient) as emulator:
        try:
            response = await emulator.fetch(Request.incoming("GET", "http://a/", [], None))
        except Exception:
            events = [entry.event for entry in emulator.journal]
            finished = [event for event in events if isinstance(event, InvocationFinished)]
            return "".join(each.error or "" for each in finished)
        return (await response.read()).decode()


@pytest.mark.parametrize(
    ("source", "config", "leniency", "production"),
    [
        (_STORES, _OBJECTS, Leniency.OBJECT_LIMITS, "rows of 2 MB"),
        (_SENDS, _QUEUES, Leniency.QUEUE_LIMITS, "messages of 128 kB"),
        (_DERIVES, {}, Leniency.DERIVATION_LIMITS, "100,000 iterations at most"),
    ],
)
async def test_a_limit_says_what_production_does_and_how_to_go_beyond_it(
    tmp_path: Path, source: str, config: dict[str, Any], leniency: Leniency, production: str
) -> None:
    refused = await answer(tmp_path, source, config)
    assert production in refused
    assert f"--lenient {leniency}" in refused
    assert await answer(tmp_path, source, config, leniency) in ("stored", "sent", "derived")


async def test_randomness_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="--lenient startup-randomness"):
        await answer(tmp_path, _DRAWS, {})
    assert await answer(tmp_path, _DRAWS, {}, Leniency.STARTUP_RANDOMNESS) == "drawn"


async def test_variables_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGION", "north")
    assert "--lenient environment" in await answer(tmp_path, _READS, {})
    assert await answer(tmp_path, _READS, {}, Leniency.ENVIRONMENT) == "north"


async def test_a_project_switches_checks_off(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.flarelocal]\nlenient = true\n")
    assert await answer(tmp_path, _DRAWS, {}) == "drawn"
