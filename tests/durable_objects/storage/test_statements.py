"""SQL text is cut where SQLite cuts it."""

from __future__ import annotations

import pytest

from flarelocal.durable_objects.storage.statements import split


@pytest.mark.parametrize(
    ("query", "pieces"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;", ["SELECT 1;"]),
        ("SELECT 1 ;  ", ["SELECT 1 ;"]),
        ("A; B;C", ["A;", "B;", "C"]),
        ("A;\n\n  B", ["A;", "B"]),
        ("SELECT ';'; B", ["SELECT ';';", "B"]),
        ("SELECT 'it''s;'; B", ["SELECT 'it''s;';", "B"]),
        ('SELECT "a;b", `c;d`, [e;f]; B', ['SELECT "a;b", `c;d`, [e;f];', "B"]),
        ("A /* ; */; B -- ;", ["A /* ; */;", "B -- ;"]),
        ("A; -- comment", ["A;", "-- comment"]),
        ("A;;", ["A;", ";"]),
        (";A", [";A"]),
        (";", [";"]),
        ("", [""]),
        ("SELECT 'open; B", ["SELECT 'open; B"]),
        ("A; /* open; B", ["A;", "/* open; B"]),
        ("A\0B", ["A", ""]),
        ("A;\0B", ["A;", ""]),
    ],
)
def test_statements_end_at_semicolons(query: str, pieces: list[str]) -> None:
    assert split(query) == pieces


def test_a_trigger_ends_at_its_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;"
    assert split(f"{trigger} SELECT 3") == [trigger, "SELECT 3"]
