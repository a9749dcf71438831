"""From a checked environment to a `WorkerConfig`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

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
from flarelocal.config.discovery import Found
from flarelocal.config.durable_objects import DurableObjects, read_durable_objects
from flarelocal.config.environments import Environment
from flarelocal.config.names import unsupported_bindings
from flarelocal.config.own import OwnSettings
from flarelocal.config.queues import read_queues
from flarelocal.config.soundness import HYPERDRIVE_VARIABLE
from flarelocal.config.variables import Variables
from flarelocal.config.worker import Dev, Limits, Route, WorkerConfig
from flarelocal.config.workflows import read_workflows

__all__ = ["build"]


def build(
    environment: Environment,
    found: Found,
    compatibility: Compatibility,
    folded: DurableObjects,
    variables: Variables,
    own: OwnSettings,
    process_env: Mapping[str, str],
) -> WorkerConfig:
    """Make the data that the rest of flarelocal works with; nothing is checked any more.

    What lacks something without which it does not work is left out: that was reported.
    """
    values = environment.values
    base = found.path.parent
    name = values.get("name") or "worker"
    main = (base / values["main"]).resolve() if "main" in values else None
    root = main.parent if main else base
    return WorkerConfig(
        name=name,
        environment=environment.name,
        path=found.path,
        user_path=found.user_path,
        directory=found.user_path.parent,
        main=main,
        module_root=(base / values["base_dir"]).resolve() if "base_dir" in values else root,
        compatibility=compatibility,
        vars=MappingProxyType(variables.values),
        secrets=variables.secrets,
        crons=tuple(values.get("triggers", {}).get("crons", ())),
        queues=read_queues(values.get("queues", {}), name),
        durable_objects=read_durable_objects(
            values.get("durable_objects", {}), folded, name
        )._replace(containers=_containers(values)),
        workflows=read_workflows(values.get("workflows", []), values.get("exports", {}), name),
        kv_namespaces=tuple(
            KVNamespace(entry["binding"], entry.get("id", entry["binding"]))
            for entry in values.get("kv_namespaces", [])
        ),
        r2_buckets=tuple(
            R2Bucket(
                entry["binding"],
                entry.get("bucket_name", entry["binding"]),
                entry.get("jurisdiction"),
            )
            for entry in values.get("r2_buckets", [])
        ),
        d1_databases=tuple(_database(entry, base) for entry in values.get("d1_databases", [])),
        services=tuple(_service(entry) for entry in values.get("services", [])),
        assets=_assets(values.get("assets", {}), base),
        ratelimits=_rate_limits(values),
        analytics_engine_datasets=tuple(
            AnalyticsEngineDataset(entry["binding"], entry.get("dataset", entry["binding"]))
            for entry in values.get("analytics_engine_datasets", [])
        ),
        version_metadata=values.get("version_metadata", {}).get("binding"),
        secrets_store_secrets=tuple(
            SecretsStoreSecret(entry["binding"], entry["store_id"], entry["secret_name"])
            for entry in values.get("secrets_store_secrets", [])
        ),
        hyperdrive=tuple(
            Hyperdrive(entry["binding"], entry["id"], connection)
            for entry in values.get("hyperdrive", [])
            if (
                connection := process_env.get(HYPERDRIVE_VARIABLE + entry["binding"])
                or entry.get("localConnectionString")
            )
        ),
        send_email=tuple(
            SendEmail(
                entry["name"],
                entry.get("destination_address"),
                _texts(entry.get("allowed_destination_addresses")),
                _texts(entry.get("allowed_sender_addresses")),
            )
            for entry in values.get("send_email", [])
        ),
        unsupported=tuple(
            Unsupported(name, product) for name, product, _ in unsupported_bindings(values)
        ),
        routes=_routes(values),
        limits=Limits(
            values.get("limits", {}).get("cpu_ms"), values.get("limits", {}).get("subrequests")
        ),
        dev=_dev(values.get("dev", {})),
        own=own,
        source=environment,
    )


def _containers(values: Mapping[str, Any]) -> frozenset[str]:
    listed = (each for each in values.get("containers") or () if isinstance(each, dict))
    named = {str(each["class_name"]) for each in listed if "class_name" in each}
    exports = values.get("exports") or {}
    return frozenset(named | {name for name, entry in exports.items() if "container" in entry})


def _database(entry: Mapping[str, Any], base: Path) -> D1Database:
    return D1Database(
        entry["binding"],
        entry.get("database_id", entry["binding"]),
        entry.get("database_name"),
        (base / entry.get("migrations_dir", "migrations")).resolve(),
        entry.get("migrations_table", "d1_migrations"),
        entry.get("migrations_pattern"),
    )


def _service(entry: Mapping[str, Any]) -> Service:
    name = entry["service"]
    if "environment" in entry:
        name = f"{name}-{entry['environment']}"
    props = MappingProxyType(entry.get("props") or {})
    return Service(entry["binding"], name, entry.get("entrypoint"), props)


def _assets(raw: Mapping[str, Any], base: Path) -> Assets | None:
    if not raw.get("directory"):
        return None
    first = raw.get("run_worker_first", False)
    return Assets(
        (base / raw["directory"]).resolve(),
        raw.get("binding"),
        raw.get("html_handling", "auto-trailing-slash"),
        raw.get("not_found_handling", "none"),
        tuple(first) if isinstance(first, list) else first,
        raw.get("base_path"),
    )


def _rate_limits(values: Mapping[str, Any]) -> tuple[RateLimit, ...]:
    unsafe = [
        entry
        for entry in values.get("unsafe", {}).get("bindings", [])
        if entry["type"] == "ratelimit" and "simple" in entry
    ]
    return tuple(
        RateLimit(
            entry["name"],
            str(entry["namespace_id"]),
            int(entry["simple"]["limit"]),
            int(entry["simple"]["period"]),
        )
        for entry in [*values.get("ratelimits", []), *unsafe]
    )


def _routes(values: Mapping[str, Any]) -> tuple[Route, ...]:
    patterns = [*values.get("routes", ()), *([values["route"]] if values.get("route") else ())]
    return tuple(
        Route(entry)
        if isinstance(entry, str)
        else Route(entry["pattern"], entry.get("custom_domain", False))
        for entry in patterns
    )


def _dev(raw: Mapping[str, Any]) -> Dev:
    port = raw.get("port")
    return Dev(
        raw.get("ip"),
        None if port is None else int(port),
        raw.get("local_protocol", "http"),
        raw.get("host"),
    )


def _texts(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)
