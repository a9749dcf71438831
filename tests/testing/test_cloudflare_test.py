"""The functions of `cloudflare:test`."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

import flarelocal.testing
from flarelocal.testing import (
    QueueMessage,
    abort_all_durable_objects,
    apply_d1_migrations,
    create_execution_context,
    create_message_batch,
    create_scheduled_controller,
    evict_all_durable_objects,
    evict_durable_object,
    get_queue_result,
    list_durable_object_ids,
    read_d1_migrations,
    reset,
    run_durable_object_alarm,
    run_in_durable_object,
    wait_on_execution_context,
)
from flarelocal.testing.flare import Flare


@pytest.fixture
def worker(flare: Flare) -> Any:
    """Makes the Worker's entrypoint as a test in JavaScript would."""
    entry = importlib.import_module("entry")
    return lambda ctx: entry.Default(ctx, flare.env)


async def test_an_entrypoint_is_called_by_hand(flare: Flare, worker: Any) -> None:
    workers: Any = importlib.import_module("workers")
    ctx = create_execution_context()
    response = await worker(ctx).fetch(workers.Request("http://example.com/"))
    await wait_on_execution_context(ctx)
    assert await response.text() == "hello"


async def test_the_error_of_a_task_is_raised_by_whoever_waits(flare: Flare, worker: Any) -> None:
    workers: Any = importlib.import_module("workers")
    ctx = create_execution_context()
    await worker(ctx).fetch(workers.Request("http://example.com/later"))
    with pytest.raises(KeyError, match="later"):
        await wait_on_execution_context(ctx)


async def test_a_batch_has_a_result(flare: Flare, worker: Any) -> None:
    batch = create_message_batch("jobs", ["a", QueueMessage("again", id="m")])
    ctx = create_execution_context()
    await worker(ctx).queue(batch, flare.env, ctx)
    result = await get_queue_result(batch, ctx)
    assert (result.outcome, len(result.acks), result.retries) == ("ok", 1, {"m": 30})


async def test_a_controller_has_cron_and_time(flare: Flare, worker: Any) -> None:
    controller = create_scheduled_controller(cron="1 * * * *", scheduled_time="2026-02-01")
    ctx = create_execution_context()
    await worker(ctx).scheduled(controller, flare.env, ctx)
    assert await flare.env.KV.get("ran") == "1769904000000"


async def test_objects_are_run_in_listed_and_evicted(flare: Flare) -> None:
    stub = flare.env.COUNTER.getByName("ann")
    assert await list_durable_object_ids(flare.env.COUNTER) == []
    total = await run_in_durable_object(stub, lambda counter, state: counter.add(2))
    assert total == 2
    [id] = await list_durable_object_ids(flare.env.COUNTER)
    assert id.toString() == stub.id.toString()
    await evict_durable_object(stub)
    assert not flare.durable_objects["COUNTER"].get_by_name("ann").running
    await stub.add()
    await evict_all_durable_objects()
    assert not flare.durable_objects["COUNTER"].get_by_name("ann").running


async def test_objects_are_aborted(flare: Flare) -> None:
    stub = flare.env.COUNTER.getByName("ann")
    await stub.add(2)
    await abort_all_durable_objects()
    assert not flare.durable_objects["COUNTER"].get_by_name("ann").running
    with pytest.raises(Exception, match=r"Application called abortAllDurableObjects\(\)"):
        await stub.add()
    assert await flare.env.COUNTER.getByName("ann").add() == 3


async def test_an_alarm_is_run(flare: Flare) -> None:
    stub = flare.env.COUNTER.getByName("ann")
    assert not await run_durable_object_alarm(stub)
    await stub.remind(1000)
    assert await run_durable_object_alarm(stub)
    assert await stub.add(0) == 100


async def test_reset_deletes_the_data_of_all_bindings(flare: Flare) -> None:
    await flare.env.KV.put("key", "value")
    await flare.env.JOBS.send("a")
    await flare.env.COUNTER.getByName("ann").add()
    await flare.clock.advance(1)
    await reset()
    assert await flare.env.KV.get("key") is None
    assert not flare.queues["jobs"].messages
    assert await flare.env.COUNTER.getByName("ann").add() == 1
    assert str(flare.clock.now) == "2026-01-01 00:00:01+00:00"


async def test_migrations_are_applied_once(flare: Flare, tmp_path: Path) -> None:
    (tmp_path / "0001_users.sql").write_text("CREATE TABLE users (\n  name TEXT\n);\n", "utf-8")
    (tmp_path / "0002_ann.sql").write_text(
        "INSERT INTO users VALUES ('ann; bob');\n-- the end\nINSERT INTO users VALUES ('eve')",
        "utf-8",
    )
    for _ in range(2):
        await apply_d1_migrations(flare.env.DB, read_d1_migrations(tmp_path))
    rows = await flare.env.DB.prepare("SELECT name FROM users").all()
    assert [row["name"] for row in rows["results"]] == ["ann; bob", "eve"]


async def test_what_comes_from_elsewhere_is_refused(flare: Flare) -> None:
    with pytest.raises(TypeError, match=r"make it with create_execution_context\(\)"):
        await wait_on_execution_context(object())


def test_without_the_fixture_the_way_out_is_told() -> None:
    with pytest.raises(RuntimeError, match="take the fixture `flare`"):
        create_execution_context()


def test_everything_that_is_promised_is_there() -> None:
    assert all(hasattr(flarelocal.testing, name) for name in flarelocal.testing.__all__)
    with pytest.raises(AttributeError):
        flarelocal.testing.nothing  # noqa: B018
