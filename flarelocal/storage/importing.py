"""Taking over the KV, R2 and D1 that wrangler keeps below `.wrangler/state/v3`."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.identity import IdentityFactory
from flarelocal.storage.kv import KvStore
from flarelocal.storage.r2 import R2Bucket, R2Metadata

__all__ = ["FoundStore", "StoreImportError", "find_store", "import_d1", "import_kv", "import_r2"]

_PLACES = (".wrangler/state/v3", "state/v3", "v3", ".")
_CLASSES = {"kv": "KVNamespaceObject", "r2": "R2BucketObject", "d1": "D1DatabaseObject"}
_TABLES = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 4) <> '_cf_'"
_COUNTS = {
    "kv": "SELECT count(*) FROM _mf_entries",
    "r2": "SELECT count(*) FROM _mf_objects",
    "d1": _TABLES,
}
_SHORTEST_S = 60
_CHUNK_BYTES = 1024 * 1024


class StoreImportError(Exception):
    """A store cannot be taken over."""


@dataclass(frozen=True, slots=True)
class FoundStore:
    """A store of wrangler.

    Attributes:
        kind: `kv`, `r2` or `d1`.
        id: what the configuration calls it.
        count: how many keys, objects or tables it has.
    """

    kind: str
    id: str
    file: Path
    blobs: Path
    count: int


def find_store(path: Path, kind: str, id: str) -> FoundStore | None:
    """A store below a directory; None if there is none. Nothing is written there.

    Args:
        path: the directory `.wrangler` of a project, or one below it.

    Raises:
        StoreImportError: its file cannot be read.
    """
    unique_key = f"miniflare-{_CLASSES[kind]}"
    name = IdentityFactory(unique_key, random.Random()).from_name(id).hex
    for place in _PLACES:
        file = path / place / kind / unique_key / f"{name}.sqlite"
        if file.is_file():
            with _copy(file) as (_, connection):
                count = connection.execute(_COUNTS[kind]).fetchone()[0]
            return FoundStore(kind, id, file, path / place / kind / id / "blobs", count)
    return None


async def import_kv(found: FoundStore, store: KvStore, clock: Clock) -> None:
    """Put all keys; those that expire within a minute are left behind."""
    with _copy(found.file) as (_, connection):
        rows = "SELECT key, blob_id, expiration, metadata FROM _mf_entries"
        for key, blob, expiration_ms, metadata in connection.execute(rows):
            expiration = None if expiration_ms is None else expiration_ms // 1000
            if expiration is None or expiration > clock.now() // 1000 + _SHORTEST_S:
                value = (found.blobs / blob).read_bytes()
                await store.put(key, value, expiration=expiration, metadata=metadata)


async def import_r2(found: FoundStore, bucket: R2Bucket) -> None:
    """Put all objects; they get the present time as that of their upload."""
    with _copy(found.file) as (_, connection):
        rows = "SELECT key, blob_id, http_metadata, custom_metadata FROM _mf_objects"
        parts = "SELECT blob_id FROM _mf_multipart_parts WHERE object_key = ? ORDER BY part_number"
        for key, blob, http, custom in connection.execute(rows).fetchall():
            blobs = [(blob,)] if blob else connection.execute(parts, (key,)).fetchall()
            draft = bucket.draft()
            for (name,) in blobs:
                for chunk in _chunks(found.blobs / name):
                    draft.write(chunk)
            await bucket.put(key, draft, R2Metadata(http, custom))


def import_d1(found: FoundStore, directory: Path) -> None:
    """Copy a database into the directory of those here; the one of this id is replaced."""
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / f"{quote(found.id, safe='')}.sqlite"
    with _copy(found.file) as (copy, connection):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for old in directory.glob(f"{target.name}-*"):
            old.unlink()
        new = target.with_suffix(".new")
        shutil.copyfile(copy, new)
        new.replace(target)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


@contextlib.contextmanager
def _copy(file: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """A copy of a database that another process may still use."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy.sqlite"
        for suffix in ("", "-wal"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                shutil.copyfile(part, copy.with_name(copy.name + suffix))
        connection: Any = sqlite3.connect(copy)
        try:
            yield copy, connection
        except (OSError, sqlite3.Error) as error:
            raise StoreImportError(
                f"{file}: cannot be read ({error}): stop the runtime that writes it, then try again"
            ) from error
        finally:
            connection.close()
