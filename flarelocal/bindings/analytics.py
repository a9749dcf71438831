"""A dataset of Analytics Engine (workerd, api/analytics-engine.c++)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flarelocal.javascript.binary import is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import NO_OPTIONS, Options, usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.source import as_bytes
from flarelocal.storage.analytics import AnalyticsStore, DataPoint

__all__ = ["AnalyticsEngine"]

_MOST_VALUES = 20
_INDEX_BYTES = 96
_BLOBS_BYTES = 800 * _MOST_VALUES


class AnalyticsEngine(HostObject, io=True):
    """A dataset: what is written can be asked for in SQL."""

    __slots__ = ("_dataset", "_store")

    def __init__(self, store: AnalyticsStore, dataset: str) -> None:
        self._store = store
        self._dataset = dataset

    @method
    def write_data_point(
        self, event: Annotated[Options, "AnalyticsEngineEvent"] = NO_OPTIONS
    ) -> None:
        """Record a data point; nobody is told when that is done."""
        indexes = _texts(event, "indexes", 1)
        if indexes and len(indexes[0].encode()) > _INDEX_BYTES:
            raise _refusal(f"Size of indexes[0] exceeds {_INDEX_BYTES} bytes).")
        blobs = _texts(event, "blobs", _MOST_VALUES)
        if sum(len(blob.encode()) for blob in blobs) > _BLOBS_BYTES:
            raise _refusal(f"Cumulative size of blobs exceeds {_BLOBS_BYTES} bytes).")
        doubles = [to_number(each) for each in _list(event, "doubles", _MOST_VALUES)]
        self._store.write(self._dataset, DataPoint(indexes[0] if indexes else "", blobs, doubles))


def _texts(event: Options, name: str, most: int) -> list[str]:
    return [_text(each) for each in _list(event, name, most)]


def _text(value: Value) -> str:
    if value is None or value is null:
        return ""
    return (
        as_bytes(value).decode("utf-8", "replace") if is_buffer_source(value) else usv_string(value)
    )


def _list(event: Options, name: str, most: int) -> Sequence[Value]:
    given = event.get(name)
    if given is None:
        return ()
    if not isinstance(given, list):
        raise type_error(
            f"Incorrect type for the '{name}' field on 'AnalyticsEngineEvent': the provided value "
            "is not of type 'Array'."
        )
    if len(given) > most:
        raise _refusal(f"Maximum of {most} {name} supported.")
    return given


def _refusal(text: str) -> Exception:
    return type_error(f"writeDataPoint(): {text}")
