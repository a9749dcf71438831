"""The lists of bindings."""

from __future__ import annotations

from typing import Any

import pytest

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
from tests.config.conftest import Project


def test_kv_namespaces(project: Project) -> None:
    config = project.load(
        kv_namespaces=[{"binding": "A", "id": "0123", "preview_id": "x"}, {"binding": "B"}]
    ).config
    assert config.kv_namespaces == (KVNamespace("A", "0123"), KVNamespace("B", "B"))


def test_r2_buckets(project: Project) -> None:
    config = project.load(
        r2_buckets=[
            {"binding": "A", "bucket_name": "files", "jurisdiction": "eu"},
            {"binding": "B"},
        ]
    ).config
    assert config.r2_buckets == (R2Bucket("A", "files", "eu"), R2Bucket("B", "B"))


def test_d1_databases(project: Project) -> None:
    config = project.load(
        d1_databases=[
            {"binding": "A", "database_id": "1", "database_name": "main"},
            {"binding": "B", "migrations_dir": "db", "migrations_table": "done"},
        ]
    ).config
    assert config.d1_databases == (
        D1Database("A", "1", "main", project.directory / "migrations"),
        D1Database("B", "B", None, project.directory / "db", "done"),
    )


def test_services(project: Project) -> None:
    config = project.load(
        services=[
            {"binding": "A", "service": "auth", "entrypoint": "Admin", "props": {"role": 1}},
            {"binding": "B", "service": "auth", "environment": "staging"},
        ]
    ).config
    assert config.services == (
        Service("A", "auth", "Admin", {"role": 1}),
        Service("B", "auth-staging"),
    )


def test_assets(project: Project) -> None:
    project.write("public/index.html", "")
    config = project.load(
        assets={"directory": "./public", "binding": "ASSETS", "run_worker_first": ["/api/*"]}
    ).config
    assert config.assets == Assets(
        project.directory / "public", "ASSETS", run_worker_first=("/api/*",)
    )


def test_rate_limits_of_both_forms(project: Project) -> None:
    simple = {"limit": 10, "period": 60}
    config = project.load(
        ratelimits=[{"name": "A", "namespace_id": "1", "simple": simple}],
        unsafe={
            "bindings": [{"name": "B", "type": "ratelimit", "namespace_id": 2, "simple": simple}]
        },
    ).config
    assert config.ratelimits == (RateLimit("A", "1", 10, 60), RateLimit("B", "2", 10, 60))


def test_hyperdrive_takes_its_connection_from_the_file(project: Project) -> None:
    entry = {"binding": "DB", "id": "1", "localConnectionString": "postgres://localhost/a"}
    config = project.load(hyperdrive=[entry]).config
    assert config.hyperdrive == (Hyperdrive("DB", "1", "postgres://localhost/a"),)


def test_hyperdrive_takes_its_connection_from_the_environment(project: Project) -> None:
    url = "postgres://user:password@localhost/b"
    variable = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB"
    config = project.load(
        hyperdrive=[{"binding": "DB", "id": "1"}], process_env={variable: url}
    ).config
    assert config.hyperdrive[0].local_connection_string == url
    assert "password" not in repr(config)


def test_the_others(project: Project) -> None:
    config = project.load(
        analytics_engine_datasets=[{"binding": "A"}, {"binding": "B", "dataset": "events"}],
        version_metadata={"binding": "VERSION"},
        secrets_store_secrets=[{"binding": "S", "store_id": "1", "secret_name": "key"}],
        send_email=[{"name": "MAIL", "allowed_sender_addresses": ["a@example.com"]}],
    ).config
    assert config.analytics_engine_datasets == (
        AnalyticsEngineDataset("A", "A"),
        AnalyticsEngineDataset("B", "events"),
    )
    assert config.version_metadata == "VERSION"
    assert config.secrets_store_secrets == (SecretsStoreSecret("S", "1", "key"),)
    assert config.send_email == (SendEmail("MAIL", allowed_sender_addresses=("a@example.com",)),)


def test_what_is_not_emulated_is_known_and_said_once(project: Project) -> None:
    loaded = project.load(
        ai={"binding": "AI"},
        vectorize=[{"binding": "INDEX", "index_name": "texts"}],
        mtls_certificates=[{"binding": "CERT", "certificate_id": "1"}],
    )
    assert loaded.config.unsupported == (
        Unsupported("INDEX", "Vectorize Index"),
        Unsupported("AI", "AI"),
        Unsupported("CERT", "mTLS Certificate"),
    )
    assert [warning.message for warning in loaded.warnings] == [
        "flarelocal does not emulate INDEX (Vectorize Index), AI (AI), CERT (mTLS Certificate)"
    ]


def test_what_has_a_stand_in_is_not_warned_of(project: Project) -> None:
    project.write("pyproject.toml", '[tool.flarelocal.bindings]\nAI = "fakes.py:Ai"\n')
    assert project.warnings(ai={"binding": "AI"}) == []


def test_a_remote_binding_is_local_all_the_same(project: Project) -> None:
    loaded = project.load(kv_namespaces=[{"binding": "KV", "remote": True}])
    assert loaded.config.kv_namespaces == (KVNamespace("KV", "KV"),)
    assert [warning.message for warning in loaded.warnings] == [
        "KV is a remote binding, which flarelocal does not connect"
    ]


def test_what_only_a_deployment_does_is_said(project: Project) -> None:
    warnings = project.warnings(placement={"mode": "smart"}, tail_consumers=[{"service": "t"}])
    assert warnings == ['flarelocal does not simulate "placement", "tail_consumers"']
    assert project.warnings(placement={"mode": "off"}) == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"kv_namespaces": {}}, 'The field "kv_namespaces" should be an array but got {}.'),
        ({"kv_namespaces": [1]}, '"kv_namespaces" bindings should be objects, but got 1'),
        (
            {"kv_namespaces": [{"id": "1"}]},
            '"kv_namespaces[0]" bindings should have a string "binding" field but got {"id":"1"}.',
        ),
        (
            {"kv_namespaces": [{"binding": "A", "id": ""}]},
            (
                '"kv_namespaces[0]" bindings should have a string "id" field but got '
                '{"binding":"A","id":""}.'
            ),
        ),
        (
            {"kv_namespaces": [{"binding": "A", "remote": "yes"}]},
            (
                '"kv_namespaces[0]" should, optionally, have a boolean "remote" field but got '
                '{"binding":"A","remote":"yes"}.'
            ),
        ),
        (
            {"r2_buckets": [{"binding": "A", "bucket_name": "My_Files"}]},
            (
                'r2_buckets[0].bucket_name="My_Files" is invalid. Bucket names must begin '
                "and end with "
                "an alphanumeric character, only contain lowercase letters, numbers, and "
                "hyphens, and "
                "be between 3 and 63 characters long."
            ),
        ),
        (
            {"services": [{"binding": "A"}]},
            '"services[0]" bindings should have a string "service" field but got {"binding":"A"}.',
        ),
        (
            {
                "ratelimits": [
                    {"name": "A", "namespace_id": "1", "simple": {"limit": 1, "period": 5}}
                ]
            },
            '"ratelimits[0]" bindings "simple.period" must be either 10 or 60 but got 5.',
        ),
        (
            {
                "send_email": [
                    {
                        "name": "A",
                        "destination_address": "a@b.c",
                        "allowed_destination_addresses": [],
                    }
                ]
            },
            (
                '"send_email[0]" bindings should have either a "destination_address" or '
                '"allowed_destination_addresses" field, but not both.'
            ),
        ),
        ({"ai": {}}, 'binding should have a string "binding" field.'),
        (
            {"hyperdrive": [{"binding": "DB", "id": "1"}]},
            (
                "When developing locally, you should use a local Postgres connection "
                "string to emulate "
                "Hyperdrive functionality. Please setup Postgres locally and set the value of the "
                "'CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB' variable or \"DB\"'s "
                '"localConnectionString" to the Postgres connection string.'
            ),
        ),
    ],
)
def test_a_wrong_binding_is_refused(project: Project, keys: Any, message: str) -> None:
    assert project.errors(**keys) == [message]
