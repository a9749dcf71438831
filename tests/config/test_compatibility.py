"""Compatibility dates and flags."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from flarelocal.config.compatibility import Compatibility
from tests.config.conftest import Project


def _on(date: str, *flags: str) -> Compatibility:
    return Compatibility(datetime.date.fromisoformat(date), ("python_workers", *flags))


@pytest.mark.parametrize(
    ("flag", "date"),
    [
        ("durable_object_fetch_requires_full_url", "2021-11-10"),
        ("capture_async_api_throws", "2022-10-31"),
        ("queues_json_messages", "2024-03-18"),
        ("fetcher_no_get_put_delete", "2024-03-26"),
        ("rpc", "2024-04-03"),
        ("python_workers_force_new_vendor_path", "2025-08-11"),
        ("python_no_global_handlers", "2025-08-14"),
        ("python_workflows", "2025-09-20"),
        ("enable_ctx_exports", "2025-11-17"),
        ("rpc_params_dup_stubs", "2026-01-20"),
        ("python_request_headers_preserve_commas", "2026-02-17"),
        ("delete_all_deletes_alarm", "2026-02-24"),
        ("python_workflows_implicit_dependencies", "2026-02-25"),
        ("queue_expose_error_codes", "2026-03-12"),
        ("websocket_standard_binary_type", "2026-03-17"),
        ("web_socket_auto_reply_to_close", "2026-04-07"),
        ("enable_python_external_sdk", "2026-04-21"),
        ("enhanced_error_serialization", "2026-04-21"),
        ("python_process_pth_files", "2026-05-26"),
    ],
)
def test_a_flag_is_on_from_its_date(flag: str, date: str) -> None:
    before = datetime.date.fromisoformat(date) - datetime.timedelta(days=1)
    assert not _on(before.isoformat()).enabled(flag)
    assert _on(date).enabled(flag)
    assert _on(before.isoformat(), flag).enabled(flag)


def test_a_flag_is_off_when_its_opposite_is_named() -> None:
    assert not _on("2026-01-01", "no_queues_json_messages").enabled("queues_json_messages")
    off = _on("2026-01-01", "disable_python_no_global_handlers")
    assert not off.enabled("python_no_global_handlers")


def test_a_flag_without_a_date_has_to_be_named() -> None:
    flag = "queue_consumer_no_wait_for_wait_until"
    assert not _on("2026-11-17").enabled(flag)
    assert _on("2026-11-17", flag).enabled(flag)


def test_a_flag_can_imply_another() -> None:
    assert _on("2024-09-23", "nodejs_compat").enabled("nodejs_zlib")
    assert not _on("2024-09-22", "nodejs_compat").enabled("nodejs_zlib")
    assert not _on("2024-09-23").enabled("nodejs_zlib")


def test_an_unknown_flag_is_off() -> None:
    assert not _on("2026-11-17", "nothing_like_this").enabled("nothing_like_this")


def test_all_flags_are_listed_by_the_name_that_turns_them_on() -> None:
    flags = _on("2026-11-17").flags
    assert flags["python_workers"] is True
    assert flags["python_workers_development"] is False
    assert "no_queues_json_messages" not in flags


@pytest.mark.parametrize(
    ("date", "flags", "version"),
    [
        ("2025-09-28", [], "0.26"),
        ("2025-09-28", ["python_workers_20250116"], "0.28"),
        ("2025-09-29", [], "0.28"),
        ("2025-09-29", ["no_python_workers_20250116"], "0.26"),
        ("2026-09-07", [], "0.28"),
        ("2026-06-01", ["python_workers_20260610"], "314"),
        ("2026-06-01", ["python_workers_314"], "314"),
        ("2026-09-08", [], "314"),
        ("2026-11-17", ["python_workers_development"], "314"),
    ],
)
def test_date_and_flags_choose_the_version_of_pyodide(date: str, flags: Any, version: str) -> None:
    assert _on(date, *flags).pyodide == version


def test_without_a_date_the_newest_behaviour_counts(project: Project) -> None:
    project.write(
        "wrangler.jsonc",
        '{"name": "w", "main": "src/entry.py", "compatibility_flags": ["python_workers"]}',
    )
    from flarelocal.config import load_config

    loaded = load_config(process_env={})
    assert loaded.config.compatibility_date == datetime.date(2026, 11, 17)
    assert str(loaded.warnings[0]) == (
        "wrangler.jsonc:1:1: No compatibility_date was specified. Using the default compatibility "
        'date: 2026-11-17. Add "compatibility_date": "2026-11-17".'
    )


def test_contradicting_flags_are_an_error(project: Project) -> None:
    flags = ["python_workers", "queues_json_messages", "no_queues_json_messages"]
    assert project.errors(compatibility_flags=flags) == [
        (
            "Compatibility flags are mutually contradictory: queues_json_messages vs "
            "no_queues_json_messages"
        )
    ]


def test_unknown_and_experimental_flags_are_warned_of(project: Project) -> None:
    flags = ["python_workers", "python_worker", "experimental"]
    assert project.warnings(compatibility_flags=flags) == [
        "No such compatibility flag: python_worker",
        (
            "The compatibility flag experimental is experimental and cannot yet be used in Workers "
            "deployed to Cloudflare."
        ),
    ]
