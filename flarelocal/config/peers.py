"""Whether Workers that run together fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flarelocal.config.diagnostics import Diagnostic, shown
from flarelocal.config.worker import WorkerConfig

__all__ = ["check_entrypoint", "check_peers", "gone_classes"]


def check_peers(workers: Sequence[WorkerConfig]) -> list[Diagnostic]:
    """What is wrong between Workers of one process; a Worker that is absent is no error."""
    return [*_names(workers), *_consumers(workers), *_classes(workers)]


def check_entrypoint(worker: WorkerConfig, index: int) -> Diagnostic:
    """The Worker that a service binding names runs, but has no such entrypoint."""
    service = worker.services[index]
    return Diagnostic(
        f'"services[{index}].entrypoint": the Worker "{service.service}" has no entrypoint '
        f'"{service.entrypoint}"',
        "correct the name, or write that class in its main module",
        *worker.where("services", index, "entrypoint"),
    )


def gone_classes(worker: str, workers: Iterable[WorkerConfig]) -> dict[str, str]:
    """The Durable Object classes of a Worker that migrations of others take over, and by whom."""
    return {
        origin.name: each.name
        for each in workers
        for origin in each.durable_objects.origins.values()
        if origin.script == worker
    }


def _names(workers: Sequence[WorkerConfig]) -> Iterator[Diagnostic]:
    known: dict[str, WorkerConfig] = {}
    for worker in workers:
        first = known.setdefault(worker.name, worker)
        if first is not worker:
            yield Diagnostic(
                f'"name": the Worker of {shown(first.path)} is called "{worker.name}", too',
                "give each a name of its own",
                *worker.where("name"),
            )


def _consumers(workers: Sequence[WorkerConfig]) -> Iterator[Diagnostic]:
    known: dict[str, WorkerConfig] = {}
    for worker in workers:
        for index, consumer in enumerate(worker.queues.consumers):
            first = known.setdefault(consumer.queue, worker)
            if first is not worker:
                yield Diagnostic(
                    f'"queues.consumers[{index}]": Multiple consumers defined for queue '
                    f'"{consumer.queue}": "{first.name}" and "{worker.name}"',
                    "remove one of them",
                    *worker.where("queues", "consumers", index, "queue"),
                )


def _classes(workers: Sequence[WorkerConfig]) -> Iterator[Diagnostic]:
    by_name = {worker.name: worker for worker in workers}
    for worker in workers:
        for index, binding in enumerate(worker.durable_objects.bindings):
            peer = by_name.get(binding.script_name or worker.name)
            if peer is None:
                continue
            taker = gone_classes(peer.name, workers).get(binding.class_name)
            if taker is not None:
                yield Diagnostic(
                    f'"durable_objects.bindings[{index}]": the class "{binding.class_name}" of '
                    f'"{peer.name}" was transferred to "{taker}"',
                    f'bind the class that it is there, with "script_name": "{taker}"',
                    *worker.where("durable_objects", "bindings", index, "class_name"),
                )
            elif binding.class_name not in peer.durable_objects.classes:
                yield Diagnostic(
                    f'"durable_objects.bindings[{index}].class_name": the Worker "{peer.name}" '
                    f'declares no Durable Object class "{binding.class_name}"',
                    f"correct the name, or add the class to the migrations of {shown(peer.path)}",
                    *worker.where("durable_objects", "bindings", index, "class_name"),
                )
