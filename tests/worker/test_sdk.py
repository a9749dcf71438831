"""Which SDK a Worker gets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flarelocal.worker.sdk import find_sdk, forget_sdk, remember_sdk
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


def test_it_is_imported_anew_under_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("workers")
    monkeypatch.setitem(sys.modules, "workers", module)
    remember_sdk("these")
    forget_sdk("these")
    assert sys.modules["workers"] is module
    forget_sdk("those")
    assert "workers" not in sys.modules


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
