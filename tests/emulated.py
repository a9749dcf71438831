"""A Worker of a test: its source in a directory of its own, on an emulator in memory."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any, TypeVar

from flarelocal.clock import VirtualClock
from flarelocal.config import load_config
from flarelocal.emulator import Emulator
from flarelocal.javascript import json as javascript_json
from flarelocal.javascript.clone import serialize
from flarelocal.javascript.web.request import Request
from flarelocal.journal import Event
from flarelocal.queues import Batch, ContentType, Message, Metrics, Verdict

__all__ = ["Emulated", "write_project"]

T = TypeVar("T", bound=Event)

_HEAD = "from workers import DurableObject, Response, WorkerEntrypoint\n"
_DATE = "2026-11-17"


def write_project(directory: Path, source: str, **config: Any) -> Path:
    """Write a main module and a wrangler file; gives the path of the latter."""
    (directory / "worker.py").write_text(_HEAD + textwrap.dedent(source), "utf-8")
    path = directory / "wrangler.json"
    given = {
        "name": "worker",
        "main": "worker.py",
        "compatibility_date": _DATE,
        "compatibility_flags": ["python_workers"],
        **config,
    }
    path.write_text(json.dumps(given), "utf-8")
    return path


class Emulated:
    """A running Worker on a clock that stands still until it is told to move."""

    def __init__(self, wrangler: Path) -> None:
        self.clock = VirtualClock()
        config = load_config(wrangler, process_env={}).config
        self.emulator = Emulator(config, clock=self.clock, seed=1, crons=False)

    async def get(self, path: str = "/") -> str:
        """The text that the Worker answers with."""
        request = Request.incoming("GET", f"http://example.com{path}", [], None)
        response = await self.emulator.fetch(request)
        return (await response.read()).decode()

    async def queue(self, *bodies: Any) -> Verdict:
        """Have the Worker consume a batch with messages `m0`, `m1`, …."""
        messages = tuple(
            Message(f"m{n}", 0, 1, ContentType.V8, serialize(javascript_json.from_data(body)))
            for n, body in enumerate(bodies)
        )
        return await self.emulator.dispatch_queue(Batch("q", messages, Metrics(0, 0, None)))

    def events(self, kind: type[T]) -> list[T]:
        """What the journal remembers of one kind."""
        entries = self.emulator.journal
        return [entry.event for entry in entries if isinstance(entry.event, kind)]
