"""The smaller products that a Worker may be bound to."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flarelocal.clock import Clock
from flarelocal.config import WorkerConfig
from flarelocal.dataclass import dataclass
from flarelocal.javascript.values import Value
from flarelocal.journal import Journal

if TYPE_CHECKING:
    from flarelocal.storage.analytics import AnalyticsStore
    from flarelocal.storage.rate_limits import RateLimits

__all__ = ["Products", "products"]


@dataclass(frozen=True, slots=True)
class Products:
    """What these bindings work with; `analytics` is None where no Worker has a dataset."""

    clock: Clock
    journal: Journal
    random: random.Random
    rate_limits: RateLimits
    analytics: AnalyticsStore | None


def products(config: WorkerConfig, means: Products) -> Iterator[tuple[str, Value]]:
    """The bindings by name."""
    if config.ratelimits:
        from flarelocal.bindings.rate_limit import Ratelimit

        for limit in config.ratelimits:
            yield limit.binding, Ratelimit(limit, means.rate_limits)
    if means.analytics and config.analytics_engine_datasets:
        from flarelocal.bindings.analytics import AnalyticsEngine

        for dataset in config.analytics_engine_datasets:
            yield dataset.binding, AnalyticsEngine(means.analytics, dataset.dataset)
    if config.version_metadata:
        yield config.version_metadata, _version(means)
    if config.secrets_store_secrets:
        from flarelocal.bindings.secret import StoredSecret

        for secret in config.secrets_store_secrets:
            yield secret.binding, StoredSecret(secret, config.vars)
    if config.hyperdrive:
        from flarelocal.bindings.hyperdrive import Hyperdrive

        for database in config.hyperdrive:
            yield database.binding, Hyperdrive(database.local_connection_string)
    if config.send_email:
        from flarelocal.bindings.send_email import SendEmailBinding

        for sender in config.send_email:
            yield sender.binding, SendEmailBinding(sender, means.journal, means.random)


def _version(means: Products) -> Value:
    """A version of its own for each start, as if it had been deployed then."""
    moment = dt.datetime.fromtimestamp(means.clock.now() / 1000, dt.UTC)
    return {
        "id": str(uuid.UUID(int=means.random.getrandbits(128), version=4)),
        "tag": "",
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
