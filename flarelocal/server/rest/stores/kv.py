"""`…/storage/kv/namespaces`: keys and values over HTTP."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import parse_qs

from pydantic import BaseModel, TypeAdapter, ValidationError

from flarelocal.server.answer import Answer
from flarelocal.server.rest.envelope import success
from flarelocal.server.rest.errors import InvalidBodyError, RestError
from flarelocal.server.rest.stores.access import Access
from flarelocal.storage.kv import KvError, KvStore

__all__ = ["answer"]


class KeyNotFoundError(RestError):
    """The namespace has no such key."""

    status = 404
    code = 10009


class RefusedError(RestError):
    """KV refuses something."""

    code = 10013


class _Entry(BaseModel):
    key: str
    value: str
    base64: bool = False
    expiration: int | None = None
    expiration_ttl: int | None = None
    metadata: Any = None


async def answer(access: Access, method: str, parts: list[str], query: str, body: bytes) -> object:
    """The result of a request, or a complete answer; None if there is no such path.

    Raises:
        RestError: it is refused.
    """
    if not parts:
        return None
    store = access.kv(parts[0])
    options = {name: values[0] for name, values in parse_qs(query).items()}
    try:
        match method, parts[1:]:
            case "GET", ["keys"]:
                return await _keys(store, options)
            case "GET", ["values", key]:
                return Answer(200, "application/octet-stream", (await _entry(store, key))[0])
            case "GET", ["metadata", key]:
                # Most keys have none, which is a result as well.
                return success((await _entry(store, key))[1])
            case "PUT", ["values", key]:
                expiration, ttl = (options.get(name) for name in ("expiration", "expiration_ttl"))
                await store.put(
                    key,
                    body,
                    expiration=int(expiration) if expiration else None,
                    expiration_ttl=int(ttl) if ttl else None,
                )
                return {}
            case "DELETE", ["values", key]:
                await store.delete(key)
                return {}
            case "PUT", ["bulk"]:
                return await _put_all(store, body)
            case _:
                return None
    except KvError as refused:
        raise RefusedError(refused.reason) from None


async def _entry(store: KvStore, key: str) -> tuple[bytes, Any]:
    found = await store.get(key)
    if found is None:
        raise KeyNotFoundError(f"There is no key {key!r}: see the list of keys.")
    return found.value, None if found.metadata is None else json.loads(found.metadata)


async def _keys(store: KvStore, options: dict[str, str]) -> Answer:
    limit = int(options.get("limit", "1000"))
    page = await store.list(
        prefix=options.get("prefix", ""), limit=limit, cursor=options.get("cursor", "")
    )
    keys: list[dict[str, object]] = []
    for key in page.keys:
        shown: dict[str, object] = {"name": key.name}
        if key.expiration is not None:
            shown["expiration"] = key.expiration
        if key.metadata is not None:
            shown["metadata"] = json.loads(key.metadata)
        keys.append(shown)
    whole = json.loads(success(keys).body)
    return Answer.json(
        200, {**whole, "result_info": {"count": len(keys), "cursor": page.cursor or ""}}
    )


async def _put_all(store: KvStore, body: bytes) -> object:
    try:
        entries = TypeAdapter(list[_Entry]).validate_json(body)
        values = [
            base64.b64decode(each.value, validate=True) if each.base64 else each.value.encode()
            for each in entries
        ]
    except (ValidationError, binascii.Error) as invalid:
        raise InvalidBodyError(
            f"The body is no list of entries ({invalid}): see the API."
        ) from None
    for entry, value in zip(entries, values, strict=True):
        metadata = None if entry.metadata is None else json.dumps(entry.metadata)
        await store.put(
            entry.key,
            value,
            expiration=entry.expiration,
            expiration_ttl=entry.expiration_ttl,
            metadata=metadata,
        )
    return {"successful_key_count": len(entries), "unsuccessful_keys": []}
