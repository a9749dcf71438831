"""`flarelocal dev -c one -c another`, with the example of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.process import DevProcess, run_dev, wait_until

_EXAMPLE = Path(__file__).parents[2] / "examples" / "several_workers"
_SAMPLE = Path(__file__).parents[2] / "wrangler_samples" / "07-several-workers"
_BOTH = ("-c", "api/wrangler.jsonc", "-c", "jobs/wrangler.jsonc")

Start = Callable[..., DevProcess]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example."""
    ignored = shutil.ignore_patterns("__pycache__", ".flarelocal")
    return Path(shutil.copytree(_EXAMPLE, tmp_path / "example", ignore=ignored))


@pytest.fixture
def start(example: Path) -> Iterator[Start]:
    started: list[DevProcess] = []

    def start(*options: str) -> DevProcess:
        started.append(DevProcess(example, *_BOTH, *options))
        return started[-1]

    yield start
    for each in started:
        each.close()


def _post(server: DevProcess, path: str, body: str = "") -> str:
    return server.client.post(path, content=body).text


def _wait_for_count(server: DevProcess, count: str) -> None:
    wait_until(
        lambda: server.client.get("/count").text == f"{count}\n",
        lambda: f"a count of {count}; the log:\n{server.log}",
    )


def test_workers_reach_each_other_in_every_way(start: Start) -> None:
    server = start()
    assert _post(server, "/longest", "The quick brown fox") == "quick\n"
    assert _post(server, "/texts", "The quick brown fox") == "accepted\n"
    _wait_for_count(server, "4")
    assert _post(server, "/reset") == "reset by words-api\n"
    _wait_for_count(server, "0")


def test_the_banner_and_the_lines_name_the_workers(start: Start) -> None:
    server = start()
    _post(server, "/texts", "one two")
    server.wait_for("[words-jobs] ")
    log = server.log
    assert "· words-api, words-jobs" in log
    assert "Counter of words-jobs [connected]" in log
    assert "words-jobs#Admin [connected]" in log
    assert "[words-api] " in log


def test_a_message_survives_the_process_on_its_way_to_the_other_worker(start: Start) -> None:
    first = start()
    assert _post(first, "/texts", "a b c") == "accepted\n"
    first.kill()
    _wait_for_count(start(), "3")


def test_a_reload_of_one_worker_leaves_the_other_alone(start: Start, example: Path) -> None:
    server = start()
    texts = example / "api" / "src" / "texts.py"
    texts.write_text(texts.read_text("utf-8").replace("{value}\\n", "{value}!\\n"), "utf-8")
    server.wait_for("Reloaded words-api (texts.py).")
    assert _post(server, "/longest", "The quick brown fox") == "quick!\n"
    assert "Reloaded words-jobs" not in server.log


def test_a_worker_that_does_not_run_is_not_connected(example: Path) -> None:
    server = DevProcess(example, "-c", "api/wrangler.jsonc")
    try:
        assert "words-jobs [not connected]" in server.log
        response = server.client.post("/longest", content="one")
        assert response.status_code == 500
        assert 'Worker "words-jobs" not found. Make sure it is running locally.' in response.text
    finally:
        server.close()


def test_a_process_of_its_own_on_the_same_state_is_refused(start: Start, example: Path) -> None:
    running = start()
    refused = run_dev(example, "-c", "jobs/wrangler.jsonc", "--persist-to", "api/.flarelocal/state")
    assert refused.returncode == 1
    assert f"which answers at {running.url}" in refused.stderr
    assert "flarelocal dev -c one -c another" in refused.stderr


def test_a_wrong_name_is_told_with_its_place(example: Path) -> None:
    config = example / "api" / "wrangler.jsonc"
    config.write_text(config.read_text("utf-8").replace('"Admin"', '"Amdin"'), "utf-8")
    refused = run_dev(example, *_BOTH)
    assert refused.returncode == 1
    assert 'api/wrangler.jsonc:9:66: "services[1].entrypoint": the Worker "words-jobs" has no' in (
        refused.stderr
    )


def test_the_sample_of_several_workers_is_served(tmp_path: Path) -> None:
    sample = shutil.copytree(_SAMPLE, tmp_path / "sample")
    configs = ("gateway/wrangler.jsonc", "accounts/wrangler.toml", "invoices/wrangler.toml")
    options = [option for config in configs for option in ("-c", config)]
    server = DevProcess(Path(sample), *options, "--json-logs")
    try:
        response = server.client.get("/", headers={"authorization": "Bearer of a token"})
        assert response.status_code == 200
        entries = [json.loads(line) for line in server.log.splitlines()]
        [ready] = [entry for entry in entries if entry["kind"] == "ready"]
        assert ready["workers"] == ["gateway", "accounts", "invoices"]
        assert {entry.get("worker") for entry in entries} >= {"gateway", "accounts"}
    finally:
        server.close()
