"""`flarelocal d1`, `kv` and `r2` on a state directory that no server works on."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flarelocal.cli import main
from tests.emulated import write_project


class Project:
    """A Worker with stores, and the commands in its directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.config = write_project(
            directory,
            "class Default(WorkerEntrypoint): pass",
            d1_databases=[{"binding": "DB", "database_name": "jobs", "database_id": "id-1"}],
            kv_namespaces=[{"binding": "KV", "id": "cache"}],
            r2_buckets=[{"binding": "FILES", "bucket_name": "files"}],
        )

    def run(self, *arguments: str, input: bytes | None = None) -> Any:
        command = [*arguments, "--config", str(self.config)]
        return CliRunner().invoke(main, command, input=input, catch_exceptions=False)

    def __call__(self, *arguments: str, input: bytes | None = None) -> str:
        """What a command prints."""
        result = self.run(*arguments, input=input)
        assert result.exit_code == 0, result.output
        return str(result.output)

    def error(self, *arguments: str) -> str:
        """What a command says that fails."""
        result = self.run(*arguments)
        assert result.exit_code != 0, result.output
        return str(result.output)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_sql_is_run_by_name_or_binding(project: Project) -> None:
    sql = "CREATE TABLE job (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO job VALUES (1, 'a;b')"
    assert "2 statement(s), 3 rows written" in project("d1", "execute", "jobs", "--command", sql)
    assert "a;b" in project("d1", "execute", "DB", "--command", "SELECT * FROM job")
    [result] = json.loads(
        project("d1", "execute", "id-1", "--local", "--json", "--command", "SELECT * FROM job")
    )
    assert result["results"] == [{"id": 1, "name": "a;b"}]
    assert result["success"] is True


def test_a_file_is_run_as_a_whole_or_not_at_all(project: Project, tmp_path: Path) -> None:
    dump = tmp_path / "dump.sql"
    dump.write_text("BEGIN TRANSACTION;\nCREATE TABLE a (n);\nINSERT INTO a VALUES (1);\nCOMMIT;\n")
    project("d1", "execute", "jobs", "--file", str(dump))
    dump.write_text("INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1);")
    assert "no such table: nowhere" in project.error("d1", "execute", "jobs", "--file", str(dump))
    assert project("d1", "execute", "jobs", "--command", "SELECT n FROM a") == "n\n1\n"


def test_an_unknown_database_is_told_with_those_there_are(project: Project) -> None:
    said = project.error("d1", "execute", "other", "--command", "SELECT 1")
    assert "Couldn't find a D1 DB with the name or binding 'other'" in said
    assert "there is jobs" in said


def test_migrations_are_applied_once_and_in_order(project: Project, tmp_path: Path) -> None:
    assert "0001_make_jobs.sql" in project("d1", "migrations", "create", "jobs", "make jobs")
    directory = tmp_path / "migrations"
    (directory / "0001_make_jobs.sql").write_text("CREATE TABLE job (id INTEGER);")
    (directory / "10_later.sql").write_text("INSERT INTO job SELECT id + 1 FROM job;")
    (directory / "2_fill.sql").write_text("INSERT INTO job VALUES (1); -- the first")
    assert project("d1", "migrations", "list", "jobs").split() == [
        "name",
        "0001_make_jobs.sql",
        "2_fill.sql",
        "10_later.sql",
    ]
    project("d1", "migrations", "apply", "jobs")
    assert "No migrations to apply!" in project("d1", "migrations", "apply", "DB")
    assert project("d1", "execute", "jobs", "--command", "SELECT id FROM job") == "id\n 1\n 2\n"


def test_a_migration_that_fails_is_rolled_back(project: Project, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_a.sql").write_text("CREATE TABLE a (n); SELECT nothing;")
    said = project.error("d1", "migrations", "apply", "jobs")
    assert "Migration 0001_a.sql failed with the following errors:" in said
    assert json.loads(project("d1", "migrations", "list", "jobs", "--json")) == [
        {"name": "0001_a.sql"}
    ]


def test_a_key_without_metadata_is_read(project: Project) -> None:
    of = ("--binding", "KV")
    project("kv", "key", "put", "k", "v", *of)
    assert project("kv", "key", "get", "k", *of) == "v"
    told = json.loads(project("kv", "key", "get", "k", *of, "--json"))
    assert told == {"value": "v", "metadata": None}


def test_keys_are_put_listed_read_and_deleted(project: Project) -> None:
    of = ("--binding", "KV")
    project("kv", "key", "put", "a/b", "välue", *of, "--metadata", '{"n": 1}', "--ttl", "600")
    project("kv", "key", "put", "z", "last", "--namespace-id", "cache")
    assert project("kv", "key", "get", "a/b", *of) == "välue"
    [first, last] = json.loads(project("kv", "key", "list", *of))
    assert (first["name"], first["metadata"], last) == ("a/b", {"n": 1}, {"name": "z"})
    assert first["expiration"]
    project("kv", "key", "delete", "a/b", *of)
    assert "There is no key 'a/b'" in project.error("kv", "key", "get", "a/b", *of)
    assert "there is KV" in project.error("kv", "key", "list", "--binding", "OTHER")


def test_objects_are_put_listed_read_and_deleted(project: Project, tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    (tmp_path / "in").write_bytes(data)
    place = "files/a dir/ü.bin"
    project("r2", "object", "put", place, "--file", str(tmp_path / "in"), "--ct", "x/y")
    project("r2", "object", "put", "files/b", "--pipe", input=b"piped")
    [first, second] = json.loads(project("r2", "object", "list", "files", "--json"))
    assert (first["key"], first["size"]) == ("a dir/ü.bin", len(data))
    assert first["http_metadata"] == {"contentType": "x/y"}
    assert second["key"] == "b"
    project("r2", "object", "get", place, "--file", str(tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == data
    assert project("r2", "object", "get", "files/b", "--pipe") == "piped"
    project("r2", "object", "delete", "files/b")
    assert "does not exist" in project.error("r2", "object", "get", "files/b", "--pipe")
    assert "write BUCKET/KEY" in project.error("r2", "object", "delete", "files")
