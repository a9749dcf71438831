"""Which bench serves which area."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.bench import Bench, PlainBench

__all__ = ["BENCHES"]


def _emulator() -> Bench:
    from tests.conformance.emulator_bench import EmulatorBench

    return EmulatorBench()


BENCHES: dict[str, Callable[[], Bench]] = {
    "d1": _emulator,
    "do_alarm": _emulator,
    "do_namespace": _emulator,
    "do_sql": _emulator,
    "do_storage_kv": _emulator,
    "kv": _emulator,
    "queues": _emulator,
    "r2": _emulator,
    "scheduled": _emulator,
    "web_api": PlainBench,
}
"""By area; an area that is not here is not replayed."""
