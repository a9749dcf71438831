"""Every key of a wrangler file: what its value must be, and how environments come by it.

Source: workers-sdk, workers-utils/src/config/{config,environment,validation}.ts and the JSON schema
of wrangler 4.164.
"""

from __future__ import annotations

from collections.abc import Mapping

from flarelocal.config import deployment, sections
from flarelocal.config.checks import (
    Check,
    among,
    anything,
    boolean,
    is_object,
    list_of,
    string,
    strings,
    table_of_strings,
    unexpected,
)
from flarelocal.config.containers import containers, previewed_containers
from flarelocal.config.durable_objects import check_bindings, check_migrations
from flarelocal.config.entries import ENTRIES, named_binding
from flarelocal.config.exports import check_exports
from flarelocal.config.queues import check_queues
from flarelocal.config.report import Node
from flarelocal.config.unsafe import check_logfwdr, check_unsafe
from flarelocal.config.workflows import check_workflows

__all__ = [
    "DEPLOYED",
    "EMULATED",
    "INHERITED",
    "PRODUCTS",
    "REDIRECTED",
    "REPEATED",
    "TOP_LEVEL",
]

_files = table_of_strings("Expected \"{0}['{1}']\" to be of type string but got {2}.")


def _previews(node: Node) -> None:
    if is_object(node):
        for key, check in _PREVIEWED.items():
            if node.value.get(key) is not None:
                check(node[key])
        unexpected(node, _PREVIEWED)


INHERITED: Mapping[str, Check] = {
    "name": sections.name,
    "account_id": deployment.account_id,
    "compatibility_date": sections.compatibility_date,
    "compatibility_flags": strings,
    "main": string,
    "find_additional_modules": boolean,
    "preserve_file_names": boolean,
    "base_dir": string,
    "workers_dev": boolean,
    "preview_urls": boolean,
    "route": deployment.route,
    "routes": deployment.routes,
    "tsconfig": string,
    "jsx_factory": string,
    "jsx_fragment": string,
    "migrations": check_migrations,
    "exports": check_exports,
    "triggers": sections.triggers,
    "limits": deployment.limits,
    "rules": sections.rules,
    "build": sections.build,
    "no_bundle": boolean,
    "minify": boolean,
    "keep_names": boolean,
    "first_party_worker": boolean,
    "logfwdr": check_logfwdr,
    "logpush": boolean,
    "upload_source_maps": boolean,
    "placement": deployment.placement,
    "assets": sections.assets,
    "observability": deployment.observability,
    "access": deployment.access,
    "cache": deployment.cache,
    "compliance_region": among("public", "fedramp_high"),
    "python_modules": sections.python_modules,
    "previews": _previews,
    "node_compat": sections.removed(
        'The "node_compat" field is no longer supported as of Wrangler v4. Instead, use the '
        "`nodejs_compat` compatibility flag. This includes the functionality from legacy "
        "`node_compat` polyfills and natively implemented Node.js APIs. See "
        "https://developers.cloudflare.com/workers/runtime-apis/nodejs for more information."
    ),
}

REPEATED: Mapping[str, Check] = {
    **ENTRIES,
    "define": table_of_strings('The field "{0}.{1}" should be a string but got {2}.'),
    "vars": sections.variables,
    "secrets": sections.secrets,
    "durable_objects": check_bindings,
    "workflows": check_workflows,
    "cloudchamber": deployment.cloudchamber,
    "containers": containers,
    "queues": check_queues,
    "connect": deployment.connect,
    "browser": named_binding(),
    "analytics": named_binding(),
    "websearch": named_binding(),
    "ai": named_binding(any_key=True),
    "images": named_binding(),
    "media": named_binding(),
    "stream": named_binding(),
    "version_metadata": named_binding(any_key=True, remotable=False),
    "unsafe": check_unsafe,
    "tail_consumers": deployment.tail_consumers,
    "streaming_tail_consumers": deployment.tail_consumers,
}

_UNPREVIEWED = frozenset(
    {"agent_memory", "cloudchamber", "connect", "secrets", "vpc_networks", "websearch"}
)
_PREVIEWED: Mapping[str, Check] = {
    **{key: check for key, check in REPEATED.items() if key not in _UNPREVIEWED},
    **{key: INHERITED[key] for key in ("cache", "limits", "logpush", "observability")},
    "placement": anything,
    "containers": previewed_containers,
}

TOP_LEVEL: Mapping[str, Check] = {
    "$schema": string,
    "env": sections.environments,
    "dev": sections.dev,
    "site": deployment.site,
    "wasm_modules": _files,
    "text_blobs": _files,
    "data_blobs": _files,
    "alias": sections.alias,
    "keep_vars": boolean,
    "addresses": list_of("string"),
    "send_metrics": boolean,
    "dependencies_instrumentation": deployment.dependencies,
    "pages_build_output_dir": string,
    "legacy_env": sections.removed(
        'The "legacy_env" field is no longer supported, so please remove it from your '
        "configuration file.\nService environments have been removed, and each environment is now "
        'deployed as its own Worker named "<name>-<environment>". This matches the behaviour of '
        '"legacy_env = true", which was the default, so removing the field will not change how '
        "your Worker is deployed.\nRefer to "
        "https://developers.cloudflare.com/workers/wrangler/environments/ for more information."
    ),
}

REDIRECTED: Mapping[str, Check] = {
    "configPath": anything,
    "userConfigPath": anything,
    "topLevelName": anything,
    "definedEnvironments": anything,
    "targetEnvironment": anything,
    "legacy_env": anything,
}
"""What build tools add to the files they generate."""

PRODUCTS: Mapping[str, str] = {
    "data_blobs": "Data Blob",
    "durable_objects": "Durable Object",
    "kv_namespaces": "KV Namespace",
    "send_email": "Send Email",
    "queues": "Queue",
    "d1_databases": "D1 Database",
    "vectorize": "Vectorize Index",
    "ai_search_namespaces": "AI Search Namespace",
    "ai_search": "AI Search Instance",
    "websearch": "Web Search",
    "agent_memory": "Agent Memory",
    "hyperdrive": "Hyperdrive Config",
    "r2_buckets": "R2 Bucket",
    "logfwdr": "logfwdr",
    "services": "Worker",
    "analytics_engine_datasets": "Analytics Engine Dataset",
    "text_blobs": "Text Blob",
    "browser": "Browser Run",
    "analytics": "Analytics SQL",
    "ai": "AI",
    "images": "Images",
    "stream": "Stream",
    "media": "Media",
    "version_metadata": "Worker Version Metadata",
    "unsafe": "Unsafe Metadata",
    "vars": "Environment Variable",
    "wasm_modules": "Wasm Module",
    "dispatch_namespaces": "Dispatch Namespace",
    "mtls_certificates": "mTLS Certificate",
    "workflows": "Workflow",
    "pipelines": "Pipeline",
    "k2": "K2 Stream",
    "secrets_store_secrets": "Secrets Store Secret",
    "artifacts": "Artifacts",
    "ratelimits": "Rate Limit",
    "assets": "Assets",
    "unsafe_hello_world": "Hello World",
    "flagship": "Flagship",
    "worker_loaders": "Worker Loader",
    "vpc_services": "VPC Service",
    "vpc_networks": "VPC Network",
    "secrets": "Secret",
}
"""What Cloudflare calls the bindings of each key, in the order of its messages."""

EMULATED = frozenset(
    {
        "analytics_engine_datasets",
        "d1_databases",
        "durable_objects",
        "hyperdrive",
        "kv_namespaces",
        "queues",
        "r2_buckets",
        "ratelimits",
        "secrets_store_secrets",
        "send_email",
        "services",
        "vars",
        "version_metadata",
        "assets",
        "secrets",
    }
)
"""The keys whose bindings work locally."""

DEPLOYED = frozenset(
    {"access", "build", "cache", "connect", "containers", "placement", "site"}
    | {"streaming_tail_consumers", "tail_consumers"}
)
"""Keys that change what a Worker does once it is deployed, but not locally."""
