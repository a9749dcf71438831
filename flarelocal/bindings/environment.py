"""`env`: the bindings of a Worker, made from its configuration and the connections."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from flarelocal.bindings.durable_objects.namespace import DurableObjectNamespace, Objects
from flarelocal.bindings.durable_objects.stub import ObjectCalls
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.kv import KvNamespace
from flarelocal.bindings.products import Products, products
from flarelocal.bindings.queue import WorkerQueue
from flarelocal.bindings.stand_in import stand_in
from flarelocal.bindings.unsupported import unsupported
from flarelocal.config import WorkerConfig
from flarelocal.dataclass import dataclass
from flarelocal.javascript import json
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.queues import Broker, ContentType
from flarelocal.storage.kv import KvStore

if TYPE_CHECKING:
    from flarelocal.storage.assets import Assets
    from flarelocal.storage.d1 import D1Store
    from flarelocal.storage.r2 import R2Bucket as Bucket

__all__ = ["Connections", "environment", "renew"]


@dataclass(frozen=True, slots=True)
class Connections:
    """What the bindings of a Worker talk to, by the names of the bindings.

    Attributes:
        objects: the objects of a class, and how their methods are called.
        assets: the static files.
    """

    broker: Broker
    kv: Mapping[str, KvStore]
    objects: Mapping[str, tuple[Objects, ObjectCalls]]
    services: Mapping[str, Fetcher]
    d1: Mapping[str, D1Store]
    r2: Mapping[str, Bucket]
    products: Products
    assets: Assets | None = None


def environment(config: WorkerConfig, connections: Connections) -> dict[str, Value]:
    """All bindings of a Worker by their names.

    Raises:
        StandInError: what the user plugs in cannot be loaded.
    """
    compatibility = config.compatibility
    env: dict[str, Value] = {name: json.from_data(value) for name, value in config.vars.items()}
    content_type = (
        ContentType.JSON if compatibility.enabled("queues_json_messages") else ContentType.V8
    )
    for producer in config.queues.producers:
        env[producer.binding] = WorkerQueue(
            connections.broker,
            producer.queue,
            default=content_type,
            error_codes=compatibility.enabled("queue_expose_error_codes"),
            delay_s=None if producer.delivery_delay is None else int(producer.delivery_delay),
        )
    for namespace in config.kv_namespaces:
        env[namespace.binding] = KvNamespace(connections.kv[namespace.binding])
    if config.d1_databases:
        from flarelocal.bindings.d1.database import D1Database

        for database in config.d1_databases:
            env[database.binding] = D1Database(connections.d1[database.binding])
    if config.r2_buckets:
        from flarelocal.bindings.r2.bucket import R2Bucket

        for bucket in config.r2_buckets:
            env[bucket.binding] = R2Bucket(connections.r2[bucket.binding])
    for binding in config.durable_objects.bindings:
        env[binding.name] = DurableObjectNamespace(*connections.objects[binding.name])
    env |= connections.services
    if connections.assets and config.assets and config.assets.binding:
        from flarelocal.bindings.assets import assets_binding

        env[config.assets.binding] = assets_binding(connections.assets)
    env |= products(config, connections.products)
    for other in config.unsupported:
        if other.type == "mTLS Certificate":
            from flarelocal.bindings.certificate import certificate

            env[other.binding] = certificate(other.binding)
        else:
            env[other.binding] = unsupported(other.binding, other.type)
    for name, place in config.own.bindings.items():
        env[name] = stand_in(config.directory, place)
    return env


def renew(env: dict[str, Value], fresh: Mapping[str, Value]) -> None:
    """Give `env` other bindings; those that Worker code holds already lead where the new ones do.

    Modules keep `workers.env`, and the SDK keeps what was read of it.
    """
    for name in env.keys() - fresh.keys():
        del env[name]
    for name, binding in fresh.items():
        known = env.get(name)
        if isinstance(known, HostObject) and type(known) is type(binding):
            _become(known, binding)
        else:
            env[name] = binding


def _become(known: HostObject, binding: HostObject) -> None:
    kind: type = type(known)
    for slot in _slots(kind):
        if hasattr(binding, slot):
            setattr(known, slot, getattr(binding, slot))


@cache
def _slots(kind: type) -> list[str]:
    return [slot for each in kind.__mro__ for slot in each.__dict__.get("__slots__", ())]
