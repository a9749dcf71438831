"""Which request about Durable Objects does what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qs

from pydantic import BaseModel

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects import (
    AlarmOutcome,
    DurableObjectError,
    Namespace,
    ObjectId,
    ObjectInfo,
)
from flarelocal.server.answer import Answer
from flarelocal.server.objects.contents import run_sql, show, show_storage
from flarelocal.server.objects.errors import ObjectsError
from flarelocal.server.objects.finding import find_class, find_object

__all__ = ["PATH", "ObjectsApi", "RunAlarm"]

PATH = "/cdn-cgi/local/objects"

RunAlarm = Callable[[Namespace, ObjectId], Awaitable[AlarmOutcome | None]]

_LATEST_MS = 8.64e15


class _Moment(BaseModel):
    at: int | None = None
    after: int | None = None


class ObjectsApi:
    """Answers the requests about Durable Objects: JSON, `{"error": …}` for what is refused.

    `GET /cdn-cgi/local/objects[?class=]` lists them. All else is at `…/objects/<class>/<action>`
    and names its object by `?object=<name or id>`.

    Args:
        namespaces: those that there are.
        run_alarm: has the alarm of an object ring now; None: no code is loaded.
    """

    def __init__(self, namespaces: Sequence[Namespace], run_alarm: RunAlarm | None) -> None:
        self._namespaces = namespaces
        self._run_alarm = run_alarm
        self._actions: dict[
            tuple[str, str], Callable[[Namespace, ObjectId, str, bytes], Awaitable[object]]
        ] = {
            ("GET", ""): self._show,
            ("DELETE", ""): self._delete,
            ("GET", "storage"): self._storage,
            ("POST", "sql"): self._sql,
            ("PUT", "alarm"): self._set_alarm,
            ("DELETE", "alarm"): self._delete_alarm,
            ("POST", "alarm/run"): self._ring,
            ("POST", "evict"): self._evict,
        }

    async def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """Do what a request asks for.

        Args:
            path: one that begins with `PATH`.
            query: without the question mark.
        """
        try:
            return Answer.json(200, await self._result(method, path, query, body))
        except ObjectsError as refused:
            return Answer.json(refused.status, {"error": str(refused)})
        except DurableObjectError as refused:
            return Answer.json(409, {"error": refused.message})
        except CorruptStateError as error:
            return Answer.json(500, {"error": str(error)})

    async def _result(self, method: str, path: str, query: str, body: bytes) -> object:
        name, _, action = path.removeprefix(PATH).strip("/").partition("/")
        if not name and method == "GET":
            return self._list(query)
        do = self._actions.get((method, action)) if name else None
        if do is None:
            raise ObjectsError(
                404, f"There is no {method} {path}: see `flarelocal do --help` for what there is."
            )
        namespace = find_class(self._namespaces, name)
        wanted = parse_qs(query).get("object")
        if not wanted:
            raise ObjectsError(400, "Which object? Add ?object= with its name or id.")
        return await do(namespace, find_object(namespace, wanted[0]), query, body)

    def _list(self, query: str) -> list[dict[str, object]]:
        wanted = parse_qs(query).get("class")
        chosen = [find_class(self._namespaces, wanted[0])] if wanted else self._namespaces
        return [
            _described(each, info) for each in chosen for info in sorted(each.list(), key=_order)
        ]

    async def _show(self, namespace: Namespace, id: ObjectId, _: str, __: bytes) -> object:
        contents = await show(namespace, id)
        return _described(namespace, namespace.describe(id)) | contents

    async def _storage(self, namespace: Namespace, id: ObjectId, query: str, _: bytes) -> object:
        return await show_storage(namespace, id, _facet(query), query)

    async def _sql(self, namespace: Namespace, id: ObjectId, query: str, body: bytes) -> object:
        return await run_sql(namespace, id, _facet(query), body)

    async def _set_alarm(self, namespace: Namespace, id: ObjectId, _: str, body: bytes) -> object:
        when_ms = _moment(body, namespace.clock.now())
        await namespace.look(id, lambda storage: storage.alarm.set(when_ms))
        return _alarm(namespace, id)

    async def _delete_alarm(self, namespace: Namespace, id: ObjectId, _: str, __: bytes) -> object:
        await namespace.look(id, lambda storage: storage.alarm.set(None))
        return _alarm(namespace, id)

    async def _ring(self, namespace: Namespace, id: ObjectId, _: str, __: bytes) -> object:
        if self._run_alarm is None:
            raise ObjectsError(409, "No code is loaded that could run: start `flarelocal dev`.")
        outcome = await self._run_alarm(namespace, id)
        if outcome is None or not outcome.ran:
            raise ObjectsError(
                409,
                "This object has no alarm that waits: set one, or run the handler by "
                "`flarelocal trigger alarm`.",
            )
        failed = {"outcome": "exception", "error": outcome.reason}
        return (failed if outcome.reason else {"outcome": "ok"}) | _alarm(namespace, id)

    async def _evict(self, namespace: Namespace, id: ObjectId, _: str, __: bytes) -> object:
        await namespace.evict(id)
        return {"evicted": id.hex}

    async def _delete(self, namespace: Namespace, id: ObjectId, _: str, __: bytes) -> object:
        namespace.delete(id)
        return {"deleted": id.hex}


def _facet(query: str) -> list[str]:
    """The names of a facet and of facets within, `?facet=outer&facet=inner`."""
    return parse_qs(query).get("facet", [])


def _order(info: ObjectInfo) -> tuple[bool, str, str]:
    return info.id.name is None, info.id.name or "", info.id.hex


def _described(namespace: Namespace, info: ObjectInfo) -> dict[str, object]:
    return {
        "class": namespace.class_name,
        "namespace": namespace.unique_key,
        "id": info.id.hex,
        "name": info.id.name,
        "jurisdiction": info.id.jurisdiction,
        "running": info.running,
        "alarm": _whole(info.alarm_ms),
        "file_bytes": info.file_bytes,
        "facets": list(info.facets),
    }


def _alarm(namespace: Namespace, id: ObjectId) -> dict[str, object]:
    return {"alarm": _whole(namespace.describe(id).alarm_ms)}


def _whole(ms: float | None) -> int | None:
    return None if ms is None else int(ms)


def _moment(body: bytes, now_ms: int) -> int:
    try:
        given = _Moment.model_validate_json(body)
    except ValueError:
        given = _Moment()
    at = now_ms + given.after if given.after is not None else given.at
    if at is None or not 0 < at <= _LATEST_MS:
        raise ObjectsError(
            400, 'The body does not say when: send {"at": ms since 1970}, or {"after": ms}.'
        )
    return max(at, now_ms)
