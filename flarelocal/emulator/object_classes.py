"""The Durable Objects of one Worker, by class."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from flarelocal.config import WorkerConfig
from flarelocal.config.lineage import Origin
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects import Namespace
from flarelocal.durable_objects.alarm_info import AlarmInfo
from flarelocal.durable_objects.events import ObjectsKept
from flarelocal.emulator.engines import Engines
from flarelocal.triggers.durable_object import WorkerObjects
from flarelocal.worker.worker import Worker

__all__ = ["ObjectClass", "ObjectClasses"]

_GRACE_MS = 10_000


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
    """Opens a namespace for each class that a Worker declares.

    A class that was renamed or transferred has the objects that it had before.
    """

    def __init__(self, worker: Worker, engines: Engines) -> None:
        self._worker = worker
        self._engines = engines
        self._classes: dict[str, ObjectClass] = {}

    def open(self, config: WorkerConfig, gone: Collection[str] = ()) -> None:
        """Open the namespaces of the classes that are not open yet.

        Args:
            gone: classes that were transferred to another Worker.
        """
        self._delete_alarm = config.compatibility.enabled("delete_all_deletes_alarm")
        for name, sqlite in config.durable_objects.classes.items():
            if name in self._classes or name in gone:
                continue
            objects = WorkerObjects(
                self._worker,
                name,
                sqlite=sqlite,
                delete_alarm=self._delete_alarm,
                container=name in config.durable_objects.containers,
            )
            unique_key = self._key(name, config.durable_objects.origins)
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

    def _key(self, name: str, origins: Mapping[str, Origin]) -> str:
        """The unique key of a class, by which its objects are found."""
        worker = self._worker.name
        origin = origins[name]
        key, present = origin.unique_key(worker), Origin(name).unique_key(worker)
        others = {each.unique_key(worker) for each in origins.values()}
        made_anew = origin.name.startswith(f"{name}.")
        if present in others or made_anew or self._exists(key) or not self._exists(present):
            return key
        # They were stored under the new name, as wrangler does it, before they could be moved.
        return present

    def _exists(self, unique_key: str) -> bool:
        directory = self._engines.objects(unique_key)
        return directory is not None and directory.exists()

    def kept(self, config: WorkerConfig) -> Iterator[ObjectsKept]:
        """What is still there of classes that migrations have deleted."""
        for name, origin in config.durable_objects.deleted.items():
            directory = self._engines.objects(origin.unique_key(self._worker.name))
            if directory and directory.exists():
                yield ObjectsKept(self._worker.name, name, str(directory))

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

    async def close(self, *, at_once: bool = False) -> None:
        """Let what goes on come to an end, and close all files."""
        for each in self._classes.values():
            await each.namespace.close(grace_ms=0 if at_once else _GRACE_MS)

    def __getitem__(self, name: str) -> ObjectClass:
        return self._classes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)
