"""The event loop of tests for a pytest-asyncio before 1.4, which asks a policy for it."""

from __future__ import annotations

import asyncio
import warnings

import pytest

from flarelocal.testing.loop import TestLoop

__all__ = ["event_loop_policy"]

with warnings.catch_warnings():
    # Python 3.14 deprecates what such a pytest-asyncio has to be given.
    warnings.simplefilter("ignore", DeprecationWarning)

    class _Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> TestLoop:
            return TestLoop()


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """What pytest-asyncio makes event loops with."""
    return _Policy()
