"""The configuration of one Worker, complete and checked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from flarelocal.config.bindings import (
    AnalyticsEngineDataset,
    Assets,
    D1Database,
    Hyperdrive,
    KVNamespace,
    R2Bucket,
    RateLimit,
    SecretsStoreSecret,
    SendEmail,
    Service,
    Unsupported,
)
from flarelocal.config.compatibility import Compatibility
from flarelocal.config.document import Position
from flarelocal.config.durable_objects import DurableObjects
from flarelocal.config.environments import Environment
from flarelocal.config.own import OwnSettings
from flarelocal.config.queues import Queues
from flarelocal.config.tree import Json
from flarelocal.config.workflows import Workflow
from flarelocal.dataclass import dataclass

__all__ = ["Dev", "Limits", "Route", "WorkerConfig"]

_SHOWN_LENGTH = 40


class Dev(NamedTuple):
    """What the file says of the local server; None where it says nothing."""

    ip: str | None = None
    port: int | None = None
    local_protocol: str = "http"
    host: str | None = None


class Limits(NamedTuple):
    """The limits of a deployment: CPU milliseconds and requests to elsewhere per invocation."""

    cpu_ms: int | None = None
    subrequests: int | None = None


class Route(NamedTuple):
    """A pattern of URLs that reach the Worker."""

    pattern: str
    custom_domain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """Everything flarelocal knows of a Worker before it looks at its code.

    Attributes are called as wrangler's keys are; the defaults are production's. Paths are absolute.
    `path` is the file that was read, and `user_path` the one that the user wrote, which differs
    when a build tool redirects; `directory` is the user's project, where state and `.dev.vars` are.
    """

    name: str
    environment: str | None
    path: Path
    user_path: Path
    directory: Path
    main: Path | None
    """The entry module; None for a Worker of static assets alone."""
    module_root: Path
    """The directory whose modules the entry module can import."""
    compatibility: Compatibility
    vars: Mapping[str, Json] = field(repr=False)
    secrets: frozenset[str]
    """The names among `vars` whose values are not to be shown."""
    crons: tuple[str, ...]
    """The expressions as they are in the file; `where("triggers", "crons", 0)` is the first."""
    queues: Queues
    durable_objects: DurableObjects
    workflows: tuple[Workflow, ...]
    kv_namespaces: tuple[KVNamespace, ...]
    r2_buckets: tuple[R2Bucket, ...]
    d1_databases: tuple[D1Database, ...]
    services: tuple[Service, ...]
    assets: Assets | None
    ratelimits: tuple[RateLimit, ...]
    analytics_engine_datasets: tuple[AnalyticsEngineDataset, ...]
    version_metadata: str | None
    """The name of the binding."""
    secrets_store_secrets: tuple[SecretsStoreSecret, ...]
    hyperdrive: tuple[Hyperdrive, ...]
    send_email: tuple[SendEmail, ...]
    unsupported: tuple[Unsupported, ...]
    routes: tuple[Route, ...]
    limits: Limits
    dev: Dev
    own: OwnSettings
    """What pyproject.toml says to flarelocal."""
    source: Environment = field(repr=False, compare=False)
    """What the configuration was made of."""

    @property
    def compatibility_date(self) -> datetime.date:
        """The day whose runtime the Worker is written for."""
        return self.compatibility.date

    @property
    def compatibility_flags(self) -> tuple[str, ...]:
        """The flags that the file names, in order."""
        return tuple(self.source.values.get("compatibility_flags", ()))

    def where(self, key: str, *keys: str | int) -> Position:
        """The place in the file of a value, in the environment it is taken from.

        For what is not in the file, the closest thing around it.
        """
        return self.source.report.document.where((*self.source.keys(key), *keys))

    def shown_vars(self) -> Mapping[str, str]:
        """The variables as they can be printed: quoted, shortened, secrets hidden."""
        return MappingProxyType({name: self._shown(name) for name in self.vars})

    def _shown(self, name: str) -> str:
        if name in self.secrets:
            return '"(hidden)"'
        value = self.vars[name]
        text = json.dumps(value, ensure_ascii=False)
        if len(text) <= _SHOWN_LENGTH:
            return text
        return f"{text[:_SHOWN_LENGTH]}…" + ('"' if isinstance(value, str) else "")
