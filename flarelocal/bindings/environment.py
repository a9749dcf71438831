"""`env`: the bindings of a Worker, made from its configuration and the engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flarelocal.bindings.kv import KvNamespace
from flarelocal.bindings.queue import WorkerQueue
from flarelocal.bindings.unsupported import Unsupported
from flarelocal.config import WorkerConfig
from flarelocal.javascript import json
from flarelocal.javascript.values import Value
from flarelocal.queues import Broker, ContentType
from flarelocal.storage.kv import KvStore

__all__ = ["Engines", "environment"]


@dataclass(frozen=True, slots=True)
class Engines:
    """What bindings talk to."""

    broker: Broker
    kv: Mapping[str, KvStore]
    """by namespace id"""


def environment(config: WorkerConfig, engines: Engines) -> dict[str, Value]:
    """All bindings but those that call Workers: variables, queues, stores."""
    compatibility = config.compatibility
    env: dict[str, Value] = {name: json.from_data(value) for name, value in config.vars.items()}
    content_type = (
        ContentType.JSON if compatibility.enabled("queues_json_messages") else ContentType.V8
    )
    for producer in config.queues.producers:
        env[producer.binding] = WorkerQueue(
            engines.broker,
            producer.queue,
            default=content_type,
            error_codes=compatibility.enabled("queue_expose_error_codes"),
        )
    for namespace in config.kv_namespaces:
        env[namespace.binding] = KvNamespace(engines.kv[namespace.id])
    for other in config.unsupported:
        env[other.binding] = Unsupported(other.binding, other.type)
    return env
