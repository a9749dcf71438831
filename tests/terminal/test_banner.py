"""What `flarelocal dev` says about its Workers when it starts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flarelocal.terminal.banner import render
from flarelocal.terminal.style import Style
from tests.emulated import Emulated, write_project

SOURCE = """
    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            import js
            return Response.json(js.Cloudflare.compatibilityFlags.python_no_global_handlers)
"""


@pytest.mark.parametrize(
    ("date", "flags", "pyodide", "python"),
    [
        ("2025-09-01", [], "0.26.0a2", (3, 12)),
        ("2026-01-01", [], "0.28.2", (3, 13)),
        ("2026-07-01", ["python_workers_20260610"], "314.0.4", (3, 14)),
    ],
)
async def test_versions_follow_the_compatibility_date(
    tmp_path: Path, date: str, flags: list[str], pyodide: str, python: tuple[int, int]
) -> None:
    config = write_project(
        tmp_path,
        SOURCE,
        compatibility_date=date,
        compatibility_flags=["python_workers", *flags],
    )
    worker = Emulated(config)
    async with worker.emulator:
        banner = render(worker.emulator, "http://localhost:1", Style(coloured=False))
        here, there = (".".join(map(str, each[:2])) for each in (sys.version_info, python))
        assert f"Python {here} with the rules of Pyodide {pyodide} · workers-runtime-sdk" in banner
        assert (f"this Worker runs on Python {there}: " in banner) == (here != there)
        assert await worker.get() == "true"
