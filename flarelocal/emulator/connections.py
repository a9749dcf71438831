"""What the bindings of a Worker lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flarelocal.bindings.durable_objects.namespace import Objects
from flarelocal.bindings.durable_objects.stub import ObjectCalls
from flarelocal.bindings.environment import Connections
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.products import Products
from flarelocal.config import WorkerConfig
from flarelocal.config.bindings import Service
from flarelocal.emulator.absent import AbsentObjects, AbsentService
from flarelocal.emulator.engines import Engines
from flarelocal.javascript import json

if TYPE_CHECKING:
    from flarelocal.emulator.deployment import Deployment
    from flarelocal.storage.assets import Assets

__all__ = ["connect"]


def connect(
    config: WorkerConfig,
    engines: Engines,
    peers: Mapping[str, Deployment],
    assets: Assets | None,
) -> Connections:
    """Find what each binding names, among the engines and the other Workers.

    Args:
        peers: the Workers that run, by name, the one of `config` included.
    """
    all_events = config.compatibility.enabled("service_binding_extra_handlers")
    return Connections(
        engines.broker,
        {each.binding: engines.kv(each.id) for each in config.kv_namespaces},
        {
            each.name: _objects(each.script_name or config.name, each.class_name, engines, peers)
            for each in config.durable_objects.bindings
        },
        {each.binding: _service(each, peers, all_events=all_events) for each in config.services},
        {each.binding: engines.d1(each.database_id) for each in config.d1_databases},
        {each.binding: engines.r2(each.bucket_name) for each in config.r2_buckets},
        Products(
            engines.clock,
            engines.journal,
            engines.random,
            engines.rate_limits,
            engines.analytics,
        ),
        assets,
    )


def _service(binding: Service, peers: Mapping[str, Deployment], *, all_events: bool) -> Fetcher:
    peer = peers.get(binding.service)
    if peer is None:
        absent = AbsentService(binding.service)
        return Fetcher(absent.fetch, absent)
    props = json.from_data(dict(binding.props))
    return peer.service(binding.entrypoint, props, all_events=all_events)


def _objects(
    worker: str, class_name: str, engines: Engines, peers: Mapping[str, Deployment]
) -> tuple[Objects, ObjectCalls]:
    peer = peers.get(worker)
    found = peer.objects.get(class_name) if peer else None
    if found is None:
        absent = AbsentObjects(worker, class_name, engines.random)
        return absent, absent
    return found.namespace, found.calls
