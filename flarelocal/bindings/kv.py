"""A KV namespace: `env.MY_KV`."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from typing import Annotated, TypeVar

from flarelocal.bindings.kv_bulk import get_many
from flarelocal.bindings.kv_options import Refusals, int_option, options_of, read_options
from flarelocal.bindings.kv_value import collect, decode, encode
from flarelocal.javascript import json
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.promise import run
from flarelocal.javascript.signature import Options, usv_string
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.storage.kv import KvEntry, KvError, KvKey, KvPage, KvStore
from flarelocal.storage.kv_limits import MAX_KEYS_PER_PAGE, check_key

__all__ = ["KvNamespace"]

T = TypeVar("T")

_GET, _PUT, _DELETE = Refusals("GET"), Refusals("PUT"), Refusals("DELETE")


class KvNamespace(HostObject, io=True):
    """A KV namespace (workerd, api/kv.c++; Cloudflare docs, "Workers Binding API" of KV)."""

    __slots__ = ("_store",)

    def __init__(self, store: KvStore) -> None:
        self._store = store

    def clone_refusal(self) -> str:
        return "A KV namespace binding cannot be serialized."

    @method(promise=True)
    def get(self, name: Annotated[Value, "string or Array"], options: Value = None) -> Value:
        """The value of a key, or a Map of the values of several keys."""
        if isinstance(name, list):
            return run(get_many(self._store, name, options, with_metadata=False))
        kind, cache_ttl = read_options(options)
        return self._read(name, cache_ttl, lambda entry: _value(entry, kind))

    @method(promise=True)
    def get_with_metadata(
        self, name: Annotated[Value, "Array or string"], options: Value = None
    ) -> Value:
        """The value and metadata of a key, or a Map of those of several keys."""
        if isinstance(name, list):
            return run(get_many(self._store, name, options, with_metadata=True))
        kind, cache_ttl = read_options(options)
        return self._read(
            name,
            cache_ttl,
            lambda entry: {
                "value": _value(entry, kind),
                "metadata": _metadata(entry) if entry else null,
                "cacheStatus": null,
            },
        )

    def _read(
        self, name: Value, cache_ttl: int | None, result: Callable[[KvEntry | None], Value]
    ) -> Value:
        with _GET:
            return _then(self._store.get(_key(name), cache_ttl=cache_ttl), result)

    @method(promise=True)
    def put(
        self,
        name: Annotated[Value, "string"],
        value: Annotated[Value, "string or Object"],
        options: Value = None,
    ) -> Value:
        """Store a value; resolves when it is on disk."""
        expiration = ttl = given = None
        if options is not None:
            given = options_of(options, "put", 3, "PutOptions")
            expiration, ttl = int_option(given, "expiration"), int_option(given, "expirationTtl")
        with _PUT:
            check_key(key := _key(name))
            metadata = None if given is None else _stringified(given)
            content = encode(value)

            def store(data: bytes) -> Future[None]:
                return self._store.put(
                    key, data, expiration=expiration, expiration_ttl=ttl, metadata=metadata
                )

            if isinstance(content, ReadableStream):
                return run(_put_stream(content, store))
            return store(content)

    @method(promise=True)
    def delete(self, name: Annotated[Value, "string"]) -> Value:
        """Remove a key; resolves when that is on disk."""
        with _DELETE:
            return self._store.delete(_key(name))

    @method(promise=True)
    def list(self, options: Value = None) -> Value:
        """Some of the keys, in the order of their bytes."""
        given = options_of(options, "list", 1, "ListOptions")
        limit = int_option(given, "limit")
        with _GET:
            page = self._store.list(
                prefix=_text(given, "prefix"),
                limit=limit if limit and limit > 0 else MAX_KEYS_PER_PAGE,
                cursor=_text(given, "cursor"),
            )
        return _then(page, _listing)


def _then(found: Future[T], result: Callable[[T], Value]) -> Value:
    """What `result` makes of the outcome: now if it is there, else a promise."""
    return result(found.result()) if found.done() else run(_later(found, result))


async def _later(found: Future[T], result: Callable[[T], Value]) -> Value:
    return result(await found)


async def _put_stream(stream: ReadableStream, store: Callable[[bytes], Future[None]]) -> None:
    with _PUT:
        await store(await collect(stream))


def _key(name: Value) -> str:
    key = to_string(name)
    if not key:
        raise type_error("Key name cannot be empty.")
    if key in (".", ".."):
        raise type_error(f'"{key}" is not allowed as a key name.')
    return key


def _value(entry: KvEntry | None, kind: str | None) -> Value:
    return null if entry is None else decode(entry.value, "text" if kind is None else kind)


def _metadata(of: KvEntry | KvKey) -> Value:
    return null if of.metadata is None else json.parse(of.metadata)


def _stringified(options: Options) -> str | None:
    metadata = options.get("metadata")
    if metadata is None or metadata is null:
        return None
    text = json.stringify(metadata)
    if text is None:
        raise KvError(400, "Metadata must be a value that JSON can hold.")
    return text


def _text(options: Options, name: str) -> str:
    given = options.get(name)
    return "" if given is None or given is null else usv_string(given)


def _listing(page: KvPage) -> Value:
    result: dict[str, Value] = {
        "keys": [_listed(key) for key in page.keys],
        "list_complete": page.cursor is None,
    }
    if page.cursor is not None:
        result["cursor"] = page.cursor
    result["cacheStatus"] = null
    return result


def _listed(key: KvKey) -> Value:
    listed: dict[str, Value] = {"name": key.name}
    if key.expiration is not None:
        listed["expiration"] = key.expiration
    if key.metadata is not None:
        listed["metadata"] = _metadata(key)
    return listed
