"""Runs the recorded program on flarelocal's boundary and prints what came of each case.

In a process of its own, since a Pyodide profile holds for a whole process.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import sys
from pathlib import Path

from flarelocal.bindings.cloudflare_workers import CloudflareSockets, CloudflareWorkers
from flarelocal.javascript.function import HostFunction
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.profile import PROFILES
from flarelocal.worker.interpreter import redirected
from flarelocal.worker.runtime import PythonRuntime
from tests.conformance.ffi.description import describe
from tests.conformance.ffi.sources import evaluate

_ADDRESS = re.compile("0x[0-9a-f]+")


def _runtime(profile: str) -> PythonRuntime:
    scope = GlobalScope(
        {
            "__golden_describe": lambda: HostFunction("__golden_describe", describe),
            "__golden_eval": lambda: HostFunction("__golden_eval", evaluate),
        }
    )
    modules = {"cloudflare:workers": CloudflareWorkers(), "cloudflare:sockets": CloudflareSockets()}
    return PythonRuntime(Path.cwd(), PROFILES[profile], {}, scope, modules, {})


async def recite(path: Path, profile: str) -> list[list[str]]:
    """What comes of the cases of the program, by their names without spaces."""
    _runtime(profile)
    redirected.begin()
    spec = importlib.util.spec_from_file_location("__main__", path)
    assert spec is not None
    assert spec.loader is not None
    cases = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cases)
    return [
        ["".join(name.split()), _ADDRESS.sub("0x", text)] for name, text in json.loads(cases.main())
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(recite(Path(sys.argv[1]), sys.argv[2]))))
