"""The suites of Cloudflare's workers-py repository that run inside of a Worker.

Each is a directory below `packages/runtime-sdk/tests/workerd-test` with a Worker whose `test`
handler does the testing; here stands what its configuration for workerd says of bindings. What a
suite has in JavaScript is written in Python, in `peers`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["PLATFORMS", "SUITES", "Platform", "Suite"]

_FLAGS = ("service_binding_extra_handlers",)
_PEERS = Path(__file__).with_name("peers")
_MOUNT = "/session/metadata"


@dataclass(frozen=True, slots=True)
class Platform:
    """A compatibility date with its flags; upstream tests on these three."""

    date: str
    flags: tuple[str, ...]


_EARLY = (
    "enable_python_external_sdk",
    "python_process_pth_files",
    "python_request_headers_preserve_commas",
)

PLATFORMS = {
    "0.26": Platform("2025-09-01", _EARLY),
    "0.28": Platform("2026-01-01", _EARLY),
    "314": Platform("2026-07-01", ("python_workers_20260610", "experimental")),
}


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite.

    Attributes:
        objects: name of a binding → class of Durable Objects.
        services: name of a binding → entrypoint of the Worker itself; None for the default one.
        vars: its variables.
        peer: a module that stands for what is JavaScript upstream; the Worker exports what it has.
        changes: what is to be read differently in its modules.
        internet: the module of the Worker that answers what `fetch` asks for.
        blocking: pytest runs in it, which needs `run_sync`: without it, nothing would be tested.
    """

    name: str
    objects: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str | None] = field(default_factory=dict)
    vars: Mapping[str, Any] = field(default_factory=dict)
    peer: str | None = None
    internet: str | None = None
    blocking: bool = False
    changes: Mapping[str, str] = field(default_factory=dict)

    def copy(self, checkout: Path, target: Path, platform: Platform) -> None:
        """Make a project of the suite in a directory."""
        package = checkout / "packages" / "runtime-sdk"
        shutil.copytree(package / "tests" / "workerd-test" / self.name, target)
        for file in target.rglob("*.py"):
            text = file.read_text("utf-8").replace(_MOUNT, str(target))
            for former, present in self.changes.items():
                text = text.replace(former, present)
            file.write_text(text, "utf-8")
        shutil.copytree(package / "src", target / "python_modules")
        if self.peer:
            shutil.copy(_PEERS / f"{self.peer}.py", target)
            with (target / "worker.py").open("a", encoding="utf-8") as main:
                main.write(f"\n\nfrom {self.peer} import *  # noqa\n")
        _configure(target, "worker", platform, **self._bindings())
        if self.internet:
            _configure(target, self.internet, platform)

    def _bindings(self) -> dict[str, Any]:
        return {
            "vars": dict(self.vars),
            "services": [
                {"binding": name, "service": "worker"} | ({"entrypoint": each} if each else {})
                for name, each in self.services.items()
            ],
            "durable_objects": {
                "bindings": [
                    {"name": name, "class_name": each} for name, each in self.objects.items()
                ]
            },
            "migrations": [{"tag": "v1", "new_sqlite_classes": [*self.objects.values()]}],
        }


def _configure(directory: Path, module: str, platform: Platform, **bindings: Any) -> None:
    config = {
        "name": module,
        "main": f"{module}.py",
        "compatibility_date": platform.date,
        "compatibility_flags": ["python_workers", *_FLAGS, *platform.flags],
        **bindings,
    }
    (directory / f"{module}.json").write_text(json.dumps(config), "utf-8")


SUITES = {
    suite.name: suite
    for suite in (
        Suite("asgi", services={"SELF": None}, vars={"color": False}, blocking=True),
        Suite("asgi-ws-disconnect", services={"SELF": None}, blocking=True),
        Suite("durable-object", objects={"ns": "DurableObjectExample"}),
        Suite(
            "durable-object-abort",
            objects={"ABORTER": "AbortingDurableObject"},
            # Upstream stores in workerd's memory, where storage ends with the object.
            changes={"obj2.get_counter() == 1": "obj2.get_counter() == 2"},
        ),
        Suite(
            "durable-object-inheritance",
            objects={
                "DO_LEAF": "LeafDurableObject",
                "DO_LEAF_INIT": "LeafDurableObjectWithInit",
                "DO_REDUNDANT": "RedundantBaseDO",
            },
        ),
        Suite(
            "durable-object-websocket",
            objects={"ns": "DurableObjectWebSocket"},
            services={"PYTHON": None},
            peer="websocket_tester",
        ),
        Suite(
            "python-rpc",
            services={"PythonRpc": "PythonRpcTester", "JsRpc": "JsRpcTester"},
            vars={"FOO": "text binding"},
            peer="rpc_tester",
        ),
        Suite(
            "sdk",
            services={"SELF": None},
            vars={"color": False},
            internet="server",
            blocking=True,
            # The runtime has since come to leave the status text empty unless one is given.
            changes={"status_text='OK', ": ""},
        ),
        Suite("wsgi", services={"SELF": None}, vars={"color": False}, blocking=True),
    )
}
