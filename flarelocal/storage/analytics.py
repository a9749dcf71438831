"""Analytics Engine: data points that are written by Workers and asked for in SQL."""

from __future__ import annotations

import sqlite3
from asyncio import Future
from collections.abc import Sequence
from functools import partial

from flarelocal.clock import Clock
from flarelocal.database import Database
from flarelocal.dataclass import dataclass

__all__ = ["AnalyticsError", "AnalyticsStore", "DataPoint", "Rows"]

MOST_VALUES = 20

_VALUES = [f"{kind}{n}" for kind in ("blob", "double") for n in range(1, MOST_VALUES + 1)]
_COLUMNS = ["timestamp", "index1", *_VALUES, "_sample_interval"]


class AnalyticsError(Exception):
    """A query cannot be answered."""


@dataclass(frozen=True, slots=True)
class DataPoint:
    """What is written at once; blobs are texts."""

    index: str
    blobs: Sequence[str]
    doubles: Sequence[float]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query."""

    columns: list[str]
    rows: list[tuple[object, ...]]


class AnalyticsStore:
    """The datasets of a database that was opened with an empty schema: a table for each."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def write(self, dataset: str, point: DataPoint) -> Future[None]:
        """Record a data point; the future is done when it is on disk."""
        return self._database.transact(
            partial(_write, dataset, self._clock.now(), point), quick=True
        )

    def query(self, sql: str) -> Future[Rows]:
        """Ask for data points in SQLite's SQL; a dataset is a table.

        Raises:
            AnalyticsError: later: the query is wrong.
        """
        return self._database.transact(partial(_query, sql))


def _write(dataset: str, now_ms: int, point: DataPoint, connection: sqlite3.Connection) -> None:
    table = '"' + dataset.replace('"', '""') + '"'
    columns = ", ".join(_COLUMNS)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
    blobs = [*point.blobs, *[""] * (MOST_VALUES - len(point.blobs))]
    doubles = [*point.doubles, *[0.0] * (MOST_VALUES - len(point.doubles))]
    marks = ", ".join("?" * (len(_COLUMNS) - 1))
    connection.execute(
        f"INSERT INTO {table} VALUES (datetime(? / 1000, 'unixepoch'), {marks})",
        (now_ms, point.index, *blobs, *doubles, 1),
    )


def _query(sql: str, connection: sqlite3.Connection) -> Rows:
    connection.execute("PRAGMA query_only = ON")
    try:
        cursor = connection.execute(sql)
        return Rows([name for name, *_ in cursor.description or ()], cursor.fetchall())
    except sqlite3.Error as wrong:
        raise AnalyticsError(str(wrong)) from wrong
    finally:
        connection.execute("PRAGMA query_only = OFF")
