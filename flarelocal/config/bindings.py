"""What a Worker finds in `env`, as plain data; the defaults are production's.

Named tuples rather than dataclasses, here and all through the configuration: every command loads
them before it can do anything, and they are defined five times as fast.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from flarelocal.config.tree import Json

__all__ = [
    "AnalyticsEngineDataset",
    "Assets",
    "D1Database",
    "Hyperdrive",
    "KVNamespace",
    "R2Bucket",
    "RateLimit",
    "SecretsStoreSecret",
    "SendEmail",
    "Service",
    "Unsupported",
]


class KVNamespace(NamedTuple):
    """`id` is the binding's name when the configuration has none."""

    binding: str
    id: str


class R2Bucket(NamedTuple):
    """`bucket_name` is the binding's name when the configuration has none."""

    binding: str
    bucket_name: str
    jurisdiction: str | None = None


class D1Database(NamedTuple):
    """`database_id` is the binding's name when the configuration has none."""

    binding: str
    database_id: str
    database_name: str | None
    migrations_dir: Path
    migrations_table: str = "d1_migrations"
    migrations_pattern: str | None = None


class Service(NamedTuple):
    """Another Worker, or one of its named entrypoints."""

    binding: str
    service: str
    entrypoint: str | None = None
    props: Mapping[str, Json] = MappingProxyType({})


class Assets(NamedTuple):
    """Static files; `binding` is None when the Worker itself cannot reach them."""

    directory: Path
    binding: str | None = None
    html_handling: str = "auto-trailing-slash"
    not_found_handling: str = "none"
    run_worker_first: bool | tuple[str, ...] = False
    base_path: str | None = None


class RateLimit(NamedTuple):
    """At most `limit` calls per `period` (10 or 60 s) and key."""

    binding: str
    namespace_id: str
    limit: int
    period: int


class AnalyticsEngineDataset(NamedTuple):
    """`dataset` is the binding's name when the configuration has none."""

    binding: str
    dataset: str


class SecretsStoreSecret(NamedTuple):
    """One secret of an account's store."""

    binding: str
    store_id: str
    secret_name: str


class Hyperdrive(NamedTuple):
    """A database, locally the one of `local_connection_string` (which may hold a password)."""

    binding: str
    id: str
    local_connection_string: str

    def __repr__(self) -> str:
        return f"Hyperdrive(binding={self.binding!r}, id={self.id!r})"


class SendEmail(NamedTuple):
    """Where a Worker may send mail to, and from; None allows every verified address."""

    binding: str
    destination_address: str | None = None
    allowed_destination_addresses: tuple[str, ...] | None = None
    allowed_sender_addresses: tuple[str, ...] | None = None


class Unsupported(NamedTuple):
    """A binding that flarelocal does not emulate; using it raises an error that names it."""

    binding: str
    type: str
    """Cloudflare's name of the product, such as "Vectorize Index"."""
