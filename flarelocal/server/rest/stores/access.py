"""What the REST API of stores is about: those that the configurations name, or all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from flarelocal.server.rest.errors import RestError, RouteNotFoundError

if TYPE_CHECKING:
    from flarelocal.config import WorkerConfig
    from flarelocal.config.bindings import D1Database
    from flarelocal.storage.analytics import AnalyticsStore
    from flarelocal.storage.d1 import D1Store
    from flarelocal.storage.kv import KvStore
    from flarelocal.storage.r2 import R2Bucket

__all__ = ["Access", "Engines", "StoreNotFoundError"]


class StoreNotFoundError(RestError):
    """No Worker is bound to such a store."""

    status = 404
    code = 7404


class Engines(Protocol):
    """Opens stores by their ids."""

    @property
    def analytics(self) -> AnalyticsStore | None: ...

    def d1(self, id: str) -> D1Store: ...

    def kv(self, id: str) -> KvStore: ...

    def r2(self, name: str) -> R2Bucket: ...


class Access:
    """Finds stores by what the configurations call them.

    Args:
        configs: of the Workers; None: whatever is asked for is an id.
    """

    def __init__(self, engines: Engines, configs: Sequence[WorkerConfig] | None) -> None:
        self._engines = engines
        self._configs = configs

    def databases(self) -> list[D1Database]:
        """The D1 databases that are known, each once."""
        found = {
            each.database_id: each for config in self._configs or () for each in config.d1_databases
        }
        return list(found.values())

    def d1(self, reference: str) -> D1Store:
        """The D1 database of an id, a name or a binding."""
        names = [
            (each.database_id, (each.database_id, each.database_name, each.binding))
            for config in self._configs or ()
            for each in config.d1_databases
        ]
        return self._engines.d1(self._id("D1 database", reference, names))

    def kv(self, reference: str) -> KvStore:
        """The KV namespace of an id or a binding."""
        names = [
            (each.id, (each.id, each.binding))
            for config in self._configs or ()
            for each in config.kv_namespaces
        ]
        return self._engines.kv(self._id("KV namespace", reference, names))

    def r2(self, reference: str) -> R2Bucket:
        """The R2 bucket of a name or a binding."""
        names = [
            (each.bucket_name, (each.bucket_name, each.binding))
            for config in self._configs or ()
            for each in config.r2_buckets
        ]
        return self._engines.r2(self._id("R2 bucket", reference, names))

    def analytics(self) -> AnalyticsStore:
        """The datasets of Analytics Engine."""
        found = self._engines.analytics
        if found is None:
            raise StoreNotFoundError("No Worker has a dataset: configure one.")
        return found

    def _id(
        self,
        kind: str,
        reference: str,
        names: Sequence[tuple[str, Sequence[str | None]]],
    ) -> str:
        if self._configs is None:
            return reference
        for id, known in names:
            if reference in known:
                return id
        there = ", ".join(sorted({id for id, _ in names})) or "none"
        raise StoreNotFoundError(
            f"There is no {kind} {reference!r}: name one of the config ({there})."
        )


def unknown(method: str, path: str) -> RouteNotFoundError:
    """The refusal of a path that there is not."""
    return RouteNotFoundError(
        f"Could not route to {method} {path}: see Cloudflare's API reference."
    )
