"""Many keys of KV with one `get`."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.bindings.kv_options import Refusals, read_options
from flarelocal.javascript import json
from flarelocal.javascript.collections import Map
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.objects import is_index
from flarelocal.javascript.signature import usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.decoding import decode_utf8
from flarelocal.storage.kv import KvEntry, KvError, KvStore

__all__ = ["get_many"]

_MAX_KEYS = 100
_MAX_BYTES = 25 * 1024 * 1024
_KINDS = ("text", "json")


async def get_many(
    store: KvStore, names: Sequence[Value], options: Value, *, with_metadata: bool
) -> Map:
    """The values of several keys, null for those that there are not.

    Raises:
        JsError: the keys or options are refused, or a value is no JSON.
    """
    keys = [usv_string(name) for name in names]
    asked, cache_ttl = read_options(options)
    kind = asked or "text"
    found: dict[str, Value] = {}
    size = 0
    with Refusals("GET_BULK"):
        _check(keys, kind)
        for key in keys:
            entry = await store.get(key, cache_ttl=cache_ttl)
            size += len(entry.value) if entry else 0
            found[key] = _result(entry, kind, with_metadata)
        if size > _MAX_BYTES:
            raise KvError(413, "Total size of request exceeds the limit of 25MB")
    # The runtime goes over the names of an object and leaves out those that are indices.
    return Map.of((key, value) for key, value in found.items() if not is_index(key))


def _check(keys: Sequence[str], kind: str) -> None:
    if kind not in _KINDS:
        raise KvError(400, f'"{kind}" is not a valid type. Use "json" or "text"')
    if len(keys) > _MAX_KEYS:
        raise KvError(400, f"You can request a maximum of {_MAX_KEYS} keys")
    if not keys:
        raise KvError(400, "You must request a minimum of 1 key")


def _result(entry: KvEntry | None, kind: str, with_metadata: bool) -> Value:
    if entry is None:
        return null
    text = decode_utf8(entry.value)
    value: Value = text
    if kind == "json":
        try:
            value = json.parse(text)
        except JsError:
            raise KvError(
                400, "At least one of the requested keys corresponds to a non-json value"
            ) from None
    if not with_metadata or value is null:
        return value
    metadata = null if entry.metadata is None else json.parse(entry.metadata)
    return {"value": value, "metadata": metadata}
