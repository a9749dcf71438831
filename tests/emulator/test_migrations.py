"""What becomes of objects when migrations change their classes."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.config import load_config
from flarelocal.durable_objects.events import ObjectsKept
from flarelocal.emulator import Emulator, StartError
from flarelocal.javascript.web.request import Request
from tests.emulated import write_project

_CODE = """
class NAME(DurableObject):
    async def add(self):
        value = (await self.ctx.storage.get("n") or 0) + 1
        await self.ctx.storage.put("n", value)
        return value

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        stub = self.env.OBJECTS.getByName("a")
        return Response(str(await stub.add()))
"""
_V1 = {"tag": "v1", "new_sqlite_classes": ["Old"]}


class Account:
    """Deployments of Workers, one after the other, on one state."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.kept: list[ObjectsKept] = []

    def config(self, name: str, class_name: str, *migrations: dict[str, Any]) -> Any:
        directory = self._directory / name
        directory.mkdir(exist_ok=True)
        binding = {"name": "OBJECTS", "class_name": class_name}
        path = write_project(
            directory,
            _CODE.replace("NAME", class_name),
            name=name,
            durable_objects={"bindings": [binding]},
            migrations=list(migrations),
        )
        return load_config(path, process_env={}).config

    async def count(self, class_name: str, *migrations: dict[str, Any], name: str = "w") -> int:
        """What the object called `a` has counted, this call included."""
        return await self.count_of(self.config(name, class_name, *migrations))

    async def count_of(self, *configs: Any) -> int:
        state = self._directory / "state"
        async with AsyncExitStack() as running:
            emulator = Emulator(*configs, state=state, clock=VirtualClock(), crons=False)
            await running.enter_async_context(emulator)
            events = [entry.event for entry in emulator.journal]
            self.kept = [event for event in events if isinstance(event, ObjectsKept)]
            response = await emulator.fetch(Request("http://x/"))
            return int(await response.read())


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path)


async def test_a_renamed_class_keeps_its_objects(account: Account) -> None:
    rename = {"tag": "v2", "renamed_classes": [{"from": "Old", "to": "New"}]}
    assert await account.count("Old", _V1) == 1
    assert await account.count("New", _V1, rename) == 2


async def test_a_class_of_another_name_has_no_objects(account: Account) -> None:
    assert await account.count("Old", _V1) == 1
    assert await account.count("New", {"tag": "v1", "new_sqlite_classes": ["New"]}) == 1


async def test_objects_that_had_the_new_name_already_are_found(account: Account) -> None:
    rename = {"tag": "v2", "renamed_classes": [{"from": "Old", "to": "New"}]}
    assert await account.count("New", {"tag": "v1", "new_sqlite_classes": ["New"]}) == 1
    assert await account.count("New", _V1, rename) == 2


async def test_objects_of_a_deleted_class_stay_on_disk_and_are_told_of(account: Account) -> None:
    replace = {"tag": "v2", "deleted_classes": ["Old"], "new_sqlite_classes": ["New"]}
    assert await account.count("Old", _V1) == 1
    assert await account.count("New", _V1, replace) == 1
    [kept] = account.kept
    assert kept.class_name == "Old"
    assert os.listdir(kept.directory)


async def test_a_class_that_is_made_anew_begins_without_objects(account: Account) -> None:
    anew = {"tag": "v3", "new_sqlite_classes": ["Old"]}
    migrations = [_V1, {"tag": "v2", "deleted_classes": ["Old"]}, anew]
    assert await account.count("Old", _V1) == 1
    assert await account.count("Old", *migrations) == 1
    assert await account.count("Old", *migrations) == 2


async def test_a_transferred_class_takes_its_objects_along(account: Account) -> None:
    move = {"from": "Old", "from_script": "source", "to": "New"}
    transfer = {"tag": "v1", "transferred_classes": [move]}
    assert await account.count("Old", _V1, name="source") == 1
    assert await account.count("New", transfer, name="target") == 2


async def test_both_workers_of_a_transfer_cannot_have_the_class(account: Account) -> None:
    move = {"from": "Old", "from_script": "source", "to": "New"}
    target = account.config("target", "New", {"tag": "v1", "transferred_classes": [move]})
    source = account.config("source", "Old", _V1)
    with pytest.raises(StartError, match='"Old" of "source" was transferred to "target"'):
        await account.count_of(target, source)
