"""`flarelocal state import`."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.server import state_of

if TYPE_CHECKING:
    from flarelocal.config import WorkerConfig
    from flarelocal.storage.dormant import DormantStores
    from flarelocal.storage.importing import FoundStore

__all__ = ["command"]


@click.group("state", cls=Group)
def command() -> None:
    """What outlives the process."""


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("-c", "--config", type=click.Path(path_type=Path), help="The wrangler file.")
@click.option("--overwrite", is_flag=True, help="Put into stores that have something here.")
@click.option(
    "--persist-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="State directory.  [default: .flarelocal/state beside the config]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    path: Path, config: Path | None, overwrite: bool, persist_to: Path | None, as_json: bool
) -> None:
    """Copy the KV, R2 and D1 of `wrangler dev` that the config names into the state directory.

    PATH is the directory .wrangler of a project. Nothing is written there. Durable Objects are
    brought over by `flarelocal do import`.
    """
    from flarelocal.config import ConfigError, load_config
    from flarelocal.database import CorruptStateError
    from flarelocal.state import StateDirectory, StateDirectoryError
    from flarelocal.storage.importing import StoreImportError

    try:
        found = _find(path, load_config(config).config)
        with contextlib.closing(StateDirectory(persist_to or state_of(config))) as state:
            asyncio.run(_import(found, state.path, overwrite))
    except (ConfigError, CorruptStateError, StateDirectoryError, StoreImportError) as error:
        raise click.ClickException(str(error)) from None
    display = Display(as_json)
    if as_json:
        display.json([{"kind": each.kind, "id": each.id, "count": each.count} for each in found])
    else:
        rows = [[each.kind, each.id, each.count] for each in found]
        display.table(["store", "id", "count"], rows, f"{path} has no store that the config names.")


def _find(path: Path, config: WorkerConfig) -> list[FoundStore]:
    from flarelocal.storage.importing import find_store

    named = [
        *(("kv", each.id) for each in config.kv_namespaces),
        *(("r2", each.bucket_name) for each in config.r2_buckets),
        *(("d1", each.database_id) for each in config.d1_databases),
    ]
    found = [find_store(path, kind, id) for kind, id in dict.fromkeys(named)]
    return [each for each in found if each is not None]


async def _import(found: list[FoundStore], state: Path, overwrite: bool) -> None:
    from flarelocal.clock import SystemClock
    from flarelocal.storage.dormant import dormant_stores
    from flarelocal.storage.importing import import_d1, import_kv, import_r2

    async with dormant_stores(state) as stores:
        for each in found:
            if not overwrite and await _used(stores, each):
                raise click.ClickException(
                    f"{each.kind} {each.id!r} has something here already: "
                    "put into it all the same with --overwrite"
                )
        for each in found:
            if each.kind == "kv":
                await import_kv(each, stores.kv(each.id), SystemClock())
            elif each.kind == "r2":
                await import_r2(each, stores.r2(each.id))
            else:
                import_d1(each, state / "d1")


async def _used(stores: DormantStores, store: FoundStore) -> bool:
    if store.kind == "kv":
        return bool((await stores.kv(store.id).list(limit=1)).keys)
    if store.kind == "r2":
        return bool((await stores.r2(store.id).list(limit=1)).objects)
    return stores.has_d1(store.id)
