"""Taking over what workerd has stored: its layout is built here as the real runtime writes it."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from flarelocal.durable_objects import IdentityFactory, ListOptions, ObjectId
from flarelocal.durable_objects.catalog_file import CatalogFile
from flarelocal.durable_objects.importing import ImportRefusedError, find_objects, import_objects
from tests.durable_objects.stage import Instance, Stage

UNIQUE_KEY = "worker-Counter"
ALARM_MS = 4_000_000_000_000


class Source:
    """`.wrangler/state/v3/do` with one namespace, left as by a runtime that was killed."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.directory = project / ".wrangler" / "state" / "v3" / "do" / UNIQUE_KEY
        self.directory.mkdir(parents=True)
        self._open: list[apsw.Connection] = []
        self.ids = IdentityFactory(UNIQUE_KEY, None)  # type: ignore[arg-type]
        self.catalog = self.database("metadata")
        self.catalog.execute(
            "CREATE TABLE _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER) "
            "WITHOUT ROWID"
        )

    def database(self, stem: str) -> apsw.Connection:
        connection = apsw.Connection(str(self.directory / f"{stem}.sqlite"))
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        self._open.append(connection)
        return connection

    def object(self, name: str, **values: bytes) -> ObjectId:
        id = self.ids.from_name(name)
        database = self.database(id.hex)
        database.execute("CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        database.executemany("INSERT INTO _cf_KV VALUES (?, ?)", values.items())
        return id

    def alarm(self, id: ObjectId, when_ms: int) -> None:
        database = self.database(id.hex)
        database.execute("CREATE TABLE _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)")
        database.execute("INSERT INTO _cf_METADATA VALUES (1, ?)", (when_ms * 1_000_000,))
        self.catalog.execute("INSERT INTO _cf_ALARM VALUES (?, ?)", (id.hex, when_ms * 1_000_000))

    def contents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.iterdir()}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


def readable(value: bytes) -> bool:
    return value != b"?"


def bring(source: Source, target: Path) -> None:
    import_objects(source.project, target, list(find_objects(source.project, target, readable)))


async def test_objects_go_on_where_they_were(source: Source, tmp_path: Path) -> None:
    id = source.object("a", key=b"value")
    source.database(id.hex).execute("CREATE TABLE t(n); INSERT INTO t VALUES (7)")
    source.alarm(id, ALARM_MS)
    bring(source, tmp_path / "do")

    stage = Stage(tmp_path / "do" / UNIQUE_KEY)

    def read(instance: Instance) -> tuple[object, ...]:
        storage = instance.storage
        rows = storage.sql.exec("SELECT n FROM t").all()
        return storage.kv.list(ListOptions()), rows, storage.alarm.get()

    assert await stage.do(read, "a") == ({"key": b"value"}, [(7,)], ALARM_MS)
    assert [info.alarm_ms for info in stage.namespace.list()] == [ALARM_MS]
    await stage.end()


@pytest.mark.parametrize("path", [".", ".wrangler", ".wrangler/state/v3/do", ".wrangler/state"])
def test_the_directory_may_be_named_in_several_ways(source: Source, path: str) -> None:
    source.object("a")
    found = list(find_objects(source.project / path, source.project / "do", readable))
    assert [each.namespace for each in found] == [UNIQUE_KEY]


def test_what_is_found_is_told(source: Source, tmp_path: Path) -> None:
    id = source.object("a", good=b"1", bad=b"?")
    source.alarm(id, ALARM_MS)
    source.database(id.hex).execute("CREATE TABLE t(n)")
    source.database(f"{id.hex}.1")
    [found] = find_objects(source.project, tmp_path / "do", readable)
    assert (found.id, found.name, found.alarm_ms) == (id.hex, None, ALARM_MS)
    assert (found.keys, found.unreadable, found.tables, found.facets) == (2, ("bad",), 1, 1)


def test_names_are_known_where_the_runtime_kept_them(source: Source, tmp_path: Path) -> None:
    with_alarm, with_table = source.object("a"), source.object("b")
    source.alarm(with_alarm, ALARM_MS)
    source.catalog.execute("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT")
    source.catalog.execute("UPDATE _cf_ALARM SET actor_name = 'a'")
    source.database(with_table.hex).execute(
        "CREATE TABLE __miniflare_do_name (id INTEGER PRIMARY KEY, name TEXT);"
        "INSERT INTO __miniflare_do_name VALUES (1, 'b')"
    )
    names = {each.id: each.name for each in find_objects(source.project, tmp_path, readable)}
    assert names == {with_alarm.hex: "a", with_table.hex: "b"}


def test_nothing_is_written_at_the_source(source: Source, tmp_path: Path) -> None:
    source.object("a", key=b"value")
    before = source.contents()
    bring(source, tmp_path / "do")
    assert source.contents() == before


async def test_objects_which_exist_are_told_and_replaced(source: Source, tmp_path: Path) -> None:
    source.object("a", key=b"theirs")
    stage = Stage(tmp_path / "do" / UNIQUE_KEY)
    await stage.do(lambda instance: instance.storage.kv.put("key", b"ours"), "a")
    await stage.end()

    [found] = find_objects(source.project, tmp_path / "do", readable)
    assert found.exists
    import_objects(source.project, tmp_path / "do", [found])

    stage = Stage(tmp_path / "do" / UNIQUE_KEY)
    assert await stage.do(lambda instance: instance.storage.kv.get("key"), "a") == b"theirs"
    await stage.end()


def test_an_object_which_was_young_when_the_process_died_exists(
    source: Source, tmp_path: Path
) -> None:
    id = source.object("a")
    catalog = CatalogFile(tmp_path / "do" / UNIQUE_KEY / "metadata.sqlite", lambda commit: commit())
    catalog.keep(id.hex, b"an image")
    catalog.close()
    assert [each.exists for each in find_objects(source.project, tmp_path / "do", readable)] == [
        True
    ]


def test_a_directory_without_objects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="there are no Durable Objects"):
        list(find_objects(tmp_path, tmp_path / "do", readable))


def test_a_file_which_is_no_database_is_named(source: Source, tmp_path: Path) -> None:
    (source.directory / f"{'0' * 64}.sqlite").write_bytes(b"something else, and of some length")
    with pytest.raises(ImportRefusedError, match="not a sound database"):
        list(find_objects(source.project, tmp_path / "do", readable))
