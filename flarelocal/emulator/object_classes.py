"""The Durable Objects of one Worker, by class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flarelocal.config import WorkerConfig
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects import Namespace
from flarelocal.durable_objects.alarm_info import AlarmInfo
from flarelocal.emulator.engines import Engines
from flarelocal.triggers.durable_object import WorkerObjects
from flarelocal.worker.worker import Worker

__all__ = ["ObjectClass", "ObjectClasses"]


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """A class whose objects there are.

    Attributes:
        namespace: the objects.
        calls: how their methods are called.
    """

    namespace: Namespace
    calls: WorkerObjects


class ObjectClasses(Mapping[str, ObjectClass]):
    """Opens a namespace for each class that a Worker declares."""

    def __init__(self, worker: Worker, engines: Engines) -> None:
        self._worker = worker
        self._engines = engines
        self._classes: dict[str, ObjectClass] = {}

    def open(self, config: WorkerConfig) -> None:
        """Open the namespaces of the classes that are not open yet."""
        self._delete_alarm = config.compatibility.enabled("delete_all_deletes_alarm")
        for name, sqlite in config.durable_objects.classes.items():
            if name in self._classes:
                continue
            objects = WorkerObjects(
                self._worker,
                name,
                sqlite=sqlite,
                delete_alarm=self._delete_alarm,
                container=name in config.durable_objects.containers,
            )
            unique_key = f"{self._worker.name}-{name}"
            namespace = Namespace(
                unique_key,
                objects,
                directory=self._engines.objects(unique_key),
                clock=self._engines.clock,
                journal=self._engines.journal,
                random=self._engines.random,
                sqlite=sqlite,
                limits=self._engines.object_limits,
            )
            self._classes[name] = ObjectClass(namespace, objects)

    def undeclared(self, name: str) -> WorkerObjects:
        """A class that no migration declares: only facets can have it."""
        return WorkerObjects(self._worker, name, sqlite=True, delete_alarm=self._delete_alarm)

    def namespaces(self) -> list[Namespace]:
        """The objects of each class."""
        return [each.namespace for each in self._classes.values()]

    def start(self) -> None:
        """Arm the alarms."""
        for each in self._classes.values():
            each.namespace.start()

    def reset(self) -> None:
        """End all objects that are in memory; alarms and sockets wait for the next `start`."""
        for each in self._classes.values():
            each.namespace.renew()

    async def alarm(self, class_name: str, name: str, *, is_id: bool) -> None:
        """Run the `alarm` handler of an object; an alarm that is set stays set.

        Raises:
            KeyError: there is no such class.
            DurableObjectError: the id is none of this class.
            Exception: what the handler raised.
        """
        found = self._classes[class_name]
        ids = found.namespace.ids
        id = ids.from_string(name) if is_id else ids.from_name(name)
        info = AlarmInfo(self._engines.clock.now(), 0)
        await found.namespace.get(id).run(lambda instance: found.calls.alarm(instance, info))

    async def close(self) -> None:
        """Let what goes on come to an end, and close all files."""
        for each in self._classes.values():
            await each.namespace.close()

    def __getitem__(self, name: str) -> ObjectClass:
        return self._classes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)
