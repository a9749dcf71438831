"""Handlers for which nobody waits fail the test."""

from __future__ import annotations

import pytest

from flarelocal.testing.flare import Flare


async def test_a_cron_that_fails_fails_the_test_with_its_traceback(flare: Flare) -> None:
    await flare.clock.advance(hours=4)
    report = flare.verdict()
    assert report is not None
    assert "scheduled 0 3 * * * failed" in report
    assert 'raise RuntimeError("the nightly run failed")' in report


async def test_so_does_a_task_that_was_left_behind(flare: Flare) -> None:
    await flare.fetch("/later")
    await flare.clock.advance(2)
    assert "KeyError: 'later'" in str(flare.verdict())


async def test_so_does_an_alarm(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    await ann.storage.put("broken", True)
    await ann.stub.remind(1000)
    await flare.clock.advance(1)
    assert "alarm Counter(ann) failed" in str(flare.verdict())


async def test_expected_failures_are_none(flare: Flare) -> None:
    flare.expect_failure("nightly")
    await flare.clock.advance(hours=4)
    assert flare.verdict() is None


async def test_others_than_the_expected_one_count(flare: Flare) -> None:
    flare.expect_failure("something else")
    await flare.clock.advance(hours=4)
    assert "nightly" in str(flare.verdict())


async def test_a_failure_that_does_not_come_fails_the_test(flare: Flare) -> None:
    flare.expect_failure()
    assert "the test expected" in str(flare.verdict())


async def test_a_block_expects_failures_only_within(flare: Flare) -> None:
    with (
        pytest.raises(AssertionError, match="no background handler failed"),
        flare.expect_failure(),
    ):
        await flare.clock.advance(hours=1)
    with flare.expect_failure() as expected:
        await flare.clock.advance(hours=3)
    assert [each.subject for each in expected.failures] == ["0 3 * * *"]
    await flare.clock.advance(days=1)
    assert flare.verdict() is not None
