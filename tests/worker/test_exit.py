"""What would end the process ends at most the Worker."""

from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from tests.worker.conftest import Start

_COUNTING = """
import sys
count = 0
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        global count
        count += 1
        if request.url.endswith("/exit"):
            sys.exit(3)
        return Response(str(count))
    async def queue(self, batch, env, ctx):
        raise KeyboardInterrupt("stop")
"""


async def test_exit_discards_the_code_with_its_state(start: Start) -> None:
    emulated = await start(_COUNTING)
    assert await emulated.get() == "1"
    with pytest.raises(JsError, match=r"Python worker fatal error: Exit: .* exit\(3\)"):
        await emulated.get("/exit")
    assert await emulated.get() == "1"


async def test_an_interrupt_fails_the_event(start: Start) -> None:
    emulated = await start(_COUNTING)
    verdict = await emulated.queue("x")
    assert verdict.outcome == "exception"
    assert verdict.error is not None
    assert verdict.error.endswith("KeyboardInterrupt: stop\n")
    assert await emulated.get() == "1"
