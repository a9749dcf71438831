"""Runs the Worker of a suite: `python -m tests.upstream DIRECTORY [INTERNET]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.config import load_config
from flarelocal.emulator import Emulator
from flarelocal.javascript.values import null
from flarelocal.javascript.web.fetch import current_outbound
from flarelocal.pyodide.webloop import WebLoop
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.python_code import PythonCode


async def _run(directory: Path, modules: list[str]) -> None:
    paths = [directory / f"{module}.json" for module in modules]
    configs = [load_config(path, process_env={}).config for path in paths]
    async with Emulator(*configs) as emulator:
        worker = emulator.primary.worker
        for internet in list(emulator.workers.values())[1:]:
            emulator.primary.program.scope.ambient = [(current_outbound, internet.fetch)]
        code = worker.code
        assert isinstance(code, PythonCode)
        for name, found in code.classes["WorkerEntrypoint"].items():
            if hasattr(found, "test"):
                invocation = worker.invocation(Trigger("test", directory.name))
                entrypoint = None if name == "Default" else name
                await worker.call(invocation, entrypoint, "test", [null], ExecutionContext)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=WebLoop) as runner:
        runner.run(_run(Path(sys.argv[1]), ["worker", *sys.argv[2:]]))
