"""Which SDK a Worker gets."""

from __future__ import annotations

import sys
from pathlib import Path

from flarelocal.worker.sdk import find_sdk, keep_sdk, kept_sdk
from tests.worker.conftest import Start


def test_the_installed_one_is_found(tmp_path: Path) -> None:
    found = find_sdk(tmp_path)
    assert found.directory is None
    assert found.version[0].isdigit()


def test_the_one_that_deploys_comes_first(tmp_path: Path) -> None:
    modules = tmp_path / "python_modules"
    (modules / "workers").mkdir(parents=True)
    (modules / "workers" / "__init__.py").touch()
    (modules / "workers_runtime_sdk-1.7.0.dist-info").mkdir()
    found = find_sdk(tmp_path)
    assert (found.directory, found.version) == (modules, "1.7.0")


def test_it_is_imported_anew_under_other_rules() -> None:
    modules = {"workers.rpc": type(sys)("workers.rpc"), "helper": type(sys)("helper")}
    keep_sdk("these", modules)
    assert kept_sdk("those") == {}
    assert kept_sdk("these") == {"workers.rpc": modules["workers.rpc"]}


def test_only_one_worker_at_a_time_has_what_was_kept() -> None:
    keep_sdk("these", {"asgi": type(sys)("asgi")})
    assert kept_sdk("these")
    assert not kept_sdk("these")


async def test_the_worker_sees_its_flags(start: Start) -> None:
    emulated = await start(
        """
        import _cloudflare_compat_flags as flags
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(f"{flags.python_workers} {hasattr(flags, 'no_such_flag')}")
        """
    )
    assert await emulated.get() == "True False"
