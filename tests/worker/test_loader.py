"""Importing the main module, again and again."""

from __future__ import annotations

from pathlib import Path

from tests.emulated import write_project
from tests.worker.conftest import Start

_IMPORTS = """
from helper import VALUE
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(VALUE)
"""


async def test_modules_beside_the_main_module_can_be_imported(start: Start, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("VALUE = 'from the helper'\n")
    assert await (await start(_IMPORTS)).get() == "from the helper"


async def test_a_reload_reads_every_module_anew(start: Start, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("VALUE = 'before'\n")
    emulated = await start(_IMPORTS)
    (tmp_path / "helper.py").write_text("VALUE = 'afterwards'\n")
    write_project(tmp_path, _IMPORTS.replace("Response(VALUE)", "Response(VALUE + '!')"))
    await emulated.emulator.reload()
    assert await emulated.get() == "afterwards!"


async def test_the_standard_library_comes_before_the_worker(start: Start, tmp_path: Path) -> None:
    (tmp_path / "colorsys.py").write_text("hsv_to_rgb = None\n")
    emulated = await start(
        """
        import colorsys
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(str(callable(colorsys.hsv_to_rgb)))
        """
    )
    assert await emulated.get() == "True"
