"""`ctx.exports` of a Worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flarelocal.bindings.fetcher import Fetch
from flarelocal.bindings.loopback import LoopbackClass, LoopbackNamespace, LoopbackService
from flarelocal.bindings.rpc import Receiver
from flarelocal.emulator.object_classes import ObjectClasses
from flarelocal.javascript.values import Value
from flarelocal.worker.code import Code

__all__ = ["exports_of"]


def exports_of(
    code: Code,
    address: Callable[[str | None, Value], tuple[Fetch, Receiver]],
    objects: ObjectClasses,
) -> dict[str, Value]:
    """What the main module shows: entrypoints, objects of declared classes, and other classes.

    Workflows are not among them (workerd, server/server.c++).

    Args:
        address: gives the way to an entrypoint with props.
    """
    exports: dict[str, Value] = {"default": LoopbackService(partial(address, None))}
    for name in code.names("WorkerEntrypoint"):
        exports[name] = LoopbackService(partial(address, name))
    for name in code.names("DurableObject"):
        declared = objects.get(name)
        exports[name] = (
            LoopbackNamespace(declared.namespace, declared.calls)
            if declared
            else LoopbackClass(objects.undeclared(name))
        )
    return exports
