"""The sample configurations load, or fail with the message that is beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flarelocal.config import ConfigError, LoadedConfig, load_config
from flarelocal.config.document import read_document

_SAMPLES = Path(__file__).parent.parent / "wrangler_samples"
_CONFIGS = sorted(
    path
    for suffix in ("jsonc", "toml")
    for path in _SAMPLES.rglob(f"wrangler.{suffix}")
    if "broken" not in path.parts
)
_BROKEN = sorted(path.parent for path in (_SAMPLES / "broken").glob("*/message.txt"))
_UNSUPPORTED = "flarelocal does not emulate"


def _environments() -> list[tuple[Path, str]]:
    return [
        (path, name)
        for path in _CONFIGS
        for name in ("", *read_document(path).root.get("env", {}))  # type: ignore[misc]
    ]


def _name(value: object) -> str:
    return str(value.relative_to(_SAMPLES)) if isinstance(value, Path) else str(value) or "top"


def _load(path: Path, environment: str = "") -> LoadedConfig:
    return load_config(path, environment=environment, process_env={})


def test_there_are_ten_projects_and_five_broken_ones() -> None:
    assert len({path.relative_to(_SAMPLES).parts[0] for path in _CONFIGS}) == 10
    assert len(_BROKEN) == len(list((_SAMPLES / "broken").iterdir())) == 5


@pytest.mark.parametrize(("path", "environment"), _environments(), ids=_name)
def test_a_sample_loads_with_the_warnings_beside_it(
    path: Path, environment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    beside = path.with_name("warnings.txt")
    expected = beside.read_text("utf-8").splitlines() if beside.exists() else []
    warnings = [str(warning) for warning in _load(path, environment).warnings]
    assert [each for each in warnings if _UNSUPPORTED not in each] == [
        each for each in expected if _UNSUPPORTED not in each
    ]


@pytest.mark.parametrize("directory", _BROKEN, ids=_name)
def test_a_broken_sample_gives_the_message_beside_it(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(directory)
    with pytest.raises(ConfigError) as refusal:
        load_config(process_env={})
    assert f"{refusal.value}\n" == (directory / "message.txt").read_text("utf-8")


def test_products_of_cloudflare_alone_are_named() -> None:
    loaded = _load(_SAMPLES / "10-document-search/wrangler.jsonc")
    named = {binding.binding for binding in loaded.config.unsupported}
    assert named >= {"AI", "INDEX", "BROWSER"}
    assert any(_UNSUPPORTED in warning.message for warning in loaded.warnings)


def test_environments_differ_where_they_should() -> None:
    path = _SAMPLES / "06-three-environments/wrangler.jsonc"
    top, staging, production = (_load(path, name).config for name in ("", "staging", "production"))
    assert [each.name for each in (top, staging, production)] == ["shop", "shop-staging", "shop"]
    assert [len(each.crons) for each in (top, staging, production)] == [1, 0, 1]
    assert production.queues.consumers[0].dead_letter_queue == "orders-dead"
    assert staging.kv_namespaces[0].id == "cache-staging"


def test_several_workers_refer_to_each_other() -> None:
    base = _SAMPLES / "07-several-workers"
    gateway = _load(base / "gateway/wrangler.jsonc").config
    accounts = _load(base / "accounts/wrangler.toml").config
    invoices = _load(base / "invoices/wrangler.toml").config
    assert {service.service for service in gateway.services} == {accounts.name}
    assert gateway.durable_objects.bindings[0].script_name == accounts.name
    assert accounts.durable_objects.classes == {"Session": True}
    assert gateway.queues.producers[0].queue == invoices.queues.consumers[0].queue


def test_dead_letter_queues_form_a_chain() -> None:
    queues = _load(_SAMPLES / "03-dead-letter-chain/wrangler.jsonc").config.queues
    following = {consumer.queue: consumer.dead_letter_queue for consumer in queues.consumers}
    assert following["jobs"] == "jobs-slow"
    assert following["jobs-slow"] == "jobs-dead"
    assert following["jobs-dead"] is None
