"""`flarelocal state import`: what `wrangler dev` has stored."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.test_stores import Project

# The names of the files are those of wrangler: made of the ids "cache", "files" and "id-1".
KV = Path(
    "kv/miniflare-KVNamespaceObject",
    "5474540ceff9ffe0fa0e636a7892ef4c6400a43a2ef447b22ccbb5ae703e4b04",
)
R2 = Path(
    "r2/miniflare-R2BucketObject",
    "7f9393e361b850806cc4f78f4907f107fa3776e27c2551b6ac9a19e499299a34",
)
D1 = Path(
    "d1/miniflare-D1DatabaseObject",
    "69c4d66aaa826067955905b52b4151988be6f80b3682f473e56480ca9ec895ee",
)


def write(state: Path, place: Path, script: str) -> None:
    file = state / place.with_suffix(".sqlite")
    file.parent.mkdir(parents=True)
    connection = sqlite3.connect(file)
    connection.executescript(script)
    connection.close()


@pytest.fixture
def wrangler(tmp_path: Path) -> Path:
    """The directory `.wrangler` with a key, an object of two parts, and a table."""
    directory = tmp_path / "other" / ".wrangler"
    state = directory / "state" / "v3"
    for blob, content in {
        "kv/cache/blobs/b1": "välue",
        "r2/files/blobs/p1": "con",
        "r2/files/blobs/p2": "tent",
    }.items():
        (state / blob).parent.mkdir(parents=True, exist_ok=True)
        (state / blob).write_text(content, "utf-8")
    write(
        state,
        KV,
        """
        CREATE TABLE _mf_entries (
            key TEXT PRIMARY KEY, blob_id TEXT, expiration INTEGER, metadata TEXT
        );
        INSERT INTO _mf_entries VALUES ('k', 'b1', 4102444800000, '{"n":1}');
        INSERT INTO _mf_entries VALUES ('gone', 'b1', 1, NULL);
        """,
    )
    write(
        state,
        R2,
        """
        CREATE TABLE _mf_objects (
            key TEXT PRIMARY KEY, blob_id TEXT, http_metadata TEXT, custom_metadata TEXT
        );
        CREATE TABLE _mf_multipart_parts (part_number INTEGER, blob_id TEXT, object_key TEXT);
        INSERT INTO _mf_objects VALUES ('a/b', NULL, '{"contentType":"x/y"}', '{"m":"1"}');
        INSERT INTO _mf_multipart_parts VALUES (2, 'p2', 'a/b'), (1, 'p1', 'a/b');
        """,
    )
    write(state, D1, "CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('one')")
    return directory


def test_keys_objects_and_databases_are_brought_over(tmp_path: Path, wrangler: Path) -> None:
    project = Project(tmp_path)
    found = json.loads(project("state", "import", str(wrangler), "--json"))
    assert [(each["kind"], each["id"]) for each in found] == [
        ("kv", "cache"),
        ("r2", "files"),
        ("d1", "id-1"),
    ]
    [key] = json.loads(project("kv", "key", "list", "--binding", "KV"))
    assert key == {"name": "k", "expiration": 4102444800, "metadata": {"n": 1}}
    assert project("kv", "key", "get", "k", "--binding", "KV") == "välue"
    [file] = json.loads(project("r2", "object", "list", "files", "--json"))
    assert (file["http_metadata"], file["custom_metadata"]) == ({"contentType": "x/y"}, {"m": "1"})
    assert project("r2", "object", "get", "files/a/b", "--pipe") == "content"
    assert project("d1", "execute", "jobs", "--command", "SELECT v FROM t") == "v\none\n"


def test_what_is_here_is_replaced_only_when_that_is_said(tmp_path: Path, wrangler: Path) -> None:
    project = Project(tmp_path)
    project("kv", "key", "put", "mine", "value", "--binding", "KV")
    assert "has something here already" in project.error("state", "import", str(wrangler))
    project("state", "import", str(wrangler), "--overwrite")
    assert project("kv", "key", "get", "k", "--binding", "KV") == "välue"
