"""`process.env`, as Node's compatibility offers it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flarelocal.config import load_config
from flarelocal.emulator import Emulator
from flarelocal.javascript.web.request import Request
from tests.emulated import write_project

_TELLS = """
    import json
    from js import process

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(json.dumps(process.env.to_py()))
    """
_CONFIG: dict[str, Any] = {
    "vars": {"REGION": "eu", "LIMITS": {"most": 3}, "DEBUG": True},
    "kv_namespaces": [{"binding": "CACHE", "id": "1"}],
}


async def told(directory: Path, **config: Any) -> Any:
    path = write_project(directory, _TELLS, **_CONFIG, **config)
    async with Emulator(load_config(path, process_env={}).config) as emulator:
        response = await emulator.fetch(Request.incoming("GET", "http://a/", [], None))
        return json.loads(await response.read())


async def test_it_shows_variables_as_texts(tmp_path: Path) -> None:
    assert await told(tmp_path, compatibility_flags=["python_workers", "nodejs_compat"]) == {
        "REGION": "eu",
        "LIMITS": '{"most":3}',
        "DEBUG": "true",
    }


@pytest.mark.parametrize("flag", ["no_nodejs_compat", "nodejs_compat_do_not_populate_process_env"])
async def test_it_shows_none_where_that_is_off(tmp_path: Path, flag: str) -> None:
    shown = await told(tmp_path, compatibility_flags=["python_workers", flag])
    assert shown == {}
