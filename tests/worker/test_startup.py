"""What the Worker's modules may do while they are imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.worker.conftest import Start

_LOOK = """
SEEN = {}
def look(name, function):
    try:
        SEEN[name] = function()
    except BaseException as error:
        SEEN[name] = f"{type(error).__name__}: {error}"

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response.json(SEEN)
"""


async def seen(start: Start, source: str, **config: object) -> dict[str, object]:
    emulated = await start(_LOOK + source, **config)
    found: dict[str, object] = json.loads(await emulated.get())
    return found


@pytest.mark.parametrize(
    "expression", ["__import__('os').urandom(4)", "__import__('uuid').uuid4()"]
)
async def test_random_bytes_are_refused(start: Start, expression: str) -> None:
    found = await seen(start, f"look('it', lambda: str({expression}))")
    assert str(found["it"]).startswith(
        "OSError: [Errno 29] Randomness is not allowed while a Worker is starting"
    )


async def test_random_numbers_are_refused(start: Start) -> None:
    found = await seen(
        start,
        """
import random
look('function', lambda: random.choice([1]))
look('unseeded', lambda: random.Random().random())
look('seeded', lambda: random.Random(1).randrange(1))
""",
    )
    assert str(found["function"]).startswith("RuntimeError: Cannot use random.choice() outside of")
    assert str(found["unseeded"]).startswith("OSError: [Errno 29]")
    assert found["seeded"] == 0


async def test_a_function_imported_at_startup_works_afterwards(start: Start) -> None:
    emulated = await start(
        """
        from random import choice
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(choice(["chosen"]))
        """
    )
    assert await emulated.get() == "chosen"


async def test_libraries_may_draw_random_numbers(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "a_library.py").write_text("import uuid\nTOKEN = str(uuid.uuid4())\n")
    monkeypatch.syspath_prepend(str(packages))
    found = await seen(start, "import a_library\nlook('it', lambda: len(a_library.TOKEN))")
    assert found["it"] == 36


async def test_time_stands_at_the_epoch(start: Start) -> None:
    found = await seen(
        start,
        """
import js, time
look('python', time.time)
look('javascript', js.Date.now)
""",
    )
    assert found == {"python": 0.0, "javascript": 0}


async def test_the_world_outside_cannot_be_reached(start: Start) -> None:
    found = await seen(
        start,
        """
import js, time
from workers import env
look('timer', lambda: js.setTimeout(print, 1))
look('sleep', lambda: time.sleep(1))
look('entropy', js.crypto.randomUUID)
look('binding', lambda: env.KV.get('x'))
""",
        kv_namespaces=[{"binding": "KV", "id": "kv"}],
    )
    refusals = {str(text).partition(".")[0] for text in found.values()}
    assert refusals == {"JsException: Error: Disallowed operation called within global scope"}


async def test_variables_can_be_read(start: Start) -> None:
    source = "from workers import env\nlook('it', lambda: env.TEXT)"
    assert await seen(start, source, vars={"TEXT": "a text"}) == {"it": "a text"}


async def test_what_needs_only_the_loop_can_be_run(start: Start) -> None:
    source = "import asyncio\nlook('it', lambda: asyncio.run(asyncio.sleep(0, 5)))"
    assert await seen(start, source) == {"it": 5}
