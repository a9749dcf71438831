"""`flare`: what a test can have the Worker do."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

from flarelocal.testing.flare import Flare
from flarelocal.testing.messages import QueueMessage
from flarelocal.testing.project import Project


async def test_environment_variables_are_the_machines_for_the_test_alone(
    flare: Flare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGION", "north")
    assert os.environ["REGION"] == "north"
    assert await (await flare.fetch("/region")).text() == "None"


async def test_a_request_is_answered_with_the_response_of_the_sdk(flare: Flare) -> None:
    response = await flare.fetch("/")
    assert (response.status, await response.text()) == (200, "hello")


@pytest.mark.parametrize(
    ("given", "kind", "body"),
    [
        ({"json": {"a": [1]}}, "application/json", '{"a": [1]}'),
        ({"data": {"a": "b c"}}, "application/x-www-form-urlencoded", "a=b+c"),
        ({"body": "plain"}, "text/plain;charset=UTF-8", "plain"),
        ({"body": b"raw", "headers": {"Content-Type": "x/y"}}, "x/y", "raw"),
    ],
)
async def test_a_body_makes_a_post_with_its_media_type(
    flare: Flare, given: dict[str, object], kind: str, body: str
) -> None:
    response = await flare.fetch("/echo", **given)  # type: ignore[arg-type]
    assert response.headers["x-method"] == "POST"
    assert response.headers["content-type"] == kind
    assert await response.text() == body


async def test_a_request_of_the_sdk_is_passed_as_it_is(flare: Flare) -> None:
    workers: Any = importlib.import_module("workers")
    request = workers.Request(
        "http://example.com/echo", method="PUT", body="x", headers={"content-type": "a/b"}
    )
    assert (await flare.fetch(request)).headers["x-method"] == "PUT"


async def test_two_bodies_are_refused(flare: Flare) -> None:
    with pytest.raises(TypeError, match="one body"):
        await flare.fetch("/echo", json={}, body="")


async def test_the_exception_of_a_handler_reaches_the_test_without_our_frames(
    flare: Flare,
) -> None:
    with pytest.raises(ValueError, match="boom") as caught:
        await flare.fetch("/boom")
    files = [str(entry.path) for entry in caught.traceback]
    assert files[-1].endswith("entry.py")
    assert not any("/flarelocal/worker/" in file for file in files)


async def test_env_is_that_of_the_worker(flare: Flare) -> None:
    await flare.env.KV.put("key", "value")
    assert await flare.env.KV.get("key") == "value"
    assert flare.env.GREETING == "hello"


async def test_a_test_may_import_the_worker_and_its_env(flare: Flare) -> None:
    from workers import env

    import entry

    await env.KV.put("seen", "x")
    assert await entry.remembered() == "x"


async def test_what_modules_keep_of_env_follows_the_next_test(project: Project) -> None:
    for _ in range(2):
        flare = Flare(project, seed=1)
        await flare.start()
        import entry

        assert await entry.remembered() is None
        await flare.env.KV.put("seen", "x")
        assert await entry.remembered() == "x"
        await flare.stop()


async def test_a_batch_is_judged_without_a_queue(flare: Flare) -> None:
    result = await flare.queue("jobs", ["a", QueueMessage("again", id="m", attempts=2)])
    assert result.ok
    assert len(result.acks) == 1
    assert result.retries == {"m": 30}
    assert result.logs == (("log", "got a,again"),)
    assert not flare.queues["jobs"].messages


async def test_the_exception_of_a_batch_is_a_result(flare: Flare) -> None:
    result = await flare.queue("jobs", ["bad"])
    assert result.outcome == "exception"
    assert str(result.exception) == "a bad message"
    assert flare.verdict() is None


async def test_a_cron_is_fired_as_if_at_a_time(flare: Flare) -> None:
    assert (await flare.scheduled(at="2026-01-01T12:00Z")).ok
    assert await flare.env.KV.get("ran") == "1767268800000"


async def test_the_exception_of_a_cron_is_a_result(flare: Flare) -> None:
    result = await flare.scheduled("0 3 * * *")
    assert (result.outcome, result.no_retry) == ("exception", True)
    assert str(result.exception) == "the nightly run failed"
    assert flare.verdict() is None


async def test_variables_and_bindings_are_overridden_for_a_block(flare: Flare) -> None:
    class Loud:
        def __str__(self) -> str:
            return "HI"

    with flare.override(vars={"GREETING": "hi"}):
        assert await (await flare.fetch("/")).text() == "hi"
    with flare.override(bindings={"LOUD": Loud()}):
        assert str(flare.env.LOUD) == "HI"
    assert await (await flare.fetch("/")).text() == "hello"
    assert not hasattr(flare.env, "LOUD")


async def test_the_same_seed_draws_the_same(project: Project) -> None:
    drawn = []
    for seed in (7, 7, 8):
        flare = Flare(project, seed=seed)
        await flare.start()
        drawn.append(await (await flare.fetch("/draw")).text())
        await flare.stop()
    assert drawn[0] == drawn[1] != drawn[2]


async def test_state_can_be_kept_in_files(project: Project, tmp_path: object) -> None:
    from pathlib import Path

    state = Path(str(tmp_path)) / "state"
    for expected in (None, "there"):
        flare = Flare(project, seed=1, state=state)
        await flare.start()
        assert await flare.env.KV.get("key") == expected
        await flare.env.KV.put("key", "there")
        await flare.stop()


async def test_what_still_goes_on_is_cancelled_at_the_end(project: Project) -> None:
    import asyncio

    flare = Flare(project, seed=1)
    await flare.start()
    request = asyncio.ensure_future(flare.fetch("/slow"))
    await flare.settle()
    assert not request.done()
    request.cancel()
    await flare.stop()
    with pytest.raises(asyncio.CancelledError):
        await request
