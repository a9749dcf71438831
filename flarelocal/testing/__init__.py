"""Testing Workers with pytest: the fixture `flare`, and what tests import.

Everything is imported when it is first asked for: pytest imports this package in every run.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flarelocal.testing.cloudflare_test import (
        D1Migration,
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
    from flarelocal.testing.loop import TestLoop
    from flarelocal.testing.messages import QueueMessage

__all__ = [
    "D1Migration",
    "Flare",
    "QueueMessage",
    "TestLoop",
    "abort_all_durable_objects",
    "apply_d1_migrations",
    "create_execution_context",
    "create_message_batch",
    "create_scheduled_controller",
    "evict_all_durable_objects",
    "evict_durable_object",
    "get_queue_result",
    "list_durable_object_ids",
    "read_d1_migrations",
    "reset",
    "run_durable_object_alarm",
    "run_in_durable_object",
    "wait_on_execution_context",
]

_PLACES = {"Flare": "flare", "QueueMessage": "messages", "TestLoop": "loop"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_PLACES.get(name, 'cloudflare_test')}")
    return getattr(module, name)
