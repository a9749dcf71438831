"""Which `workers-runtime-sdk` the Worker's `import workers` finds."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from flarelocal.dataclass import dataclass

__all__ = ["Sdk", "SdkFinder", "SdkNotFoundError", "find_sdk", "forget_sdk", "remember_sdk"]

_MODULES = ("workers", "asgi")
_PREFIX = "_workers_sdk"
_RULES = "_imported_under"


class SdkNotFoundError(Exception):
    """There is no SDK to run the Worker on."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """An SDK that was found.

    Attributes:
        directory: where its modules lie; None for the installed distribution.
        version: of the distribution, `unknown` where nothing tells.
    """

    directory: Path | None
    version: str


def find_sdk(project: Path) -> Sdk:
    """The SDK in the project's `python_modules`, which is what deploys, else the installed one.

    Raises:
        SdkNotFoundError: neither exists.
    """
    vendored = project / "python_modules"
    if (vendored / "workers" / "__init__.py").is_file():
        return Sdk(vendored, _version(vendored))
    installed = importlib.util.find_spec("workers")
    if installed is None or installed.origin is None:
        raise SdkNotFoundError(
            "the Worker needs Cloudflare's Python SDK: pip install workers-runtime-sdk"
        )
    return Sdk(None, _version(Path(installed.origin).parent.parent))


def forget_sdk(rules: object) -> None:
    """Drop the SDK if it was imported under other rules: it looks at them while it is imported."""
    imported = sys.modules.get("workers")
    if getattr(imported, _RULES, None) == rules:
        return
    for name in list(sys.modules):
        if name.partition(".")[0] in _MODULES or name.startswith(_PREFIX):
            del sys.modules[name]


def remember_sdk(rules: object) -> None:
    """Note under which rules the SDK was imported."""
    setattr(sys.modules["workers"], _RULES, rules)


def _version(directory: Path) -> str:
    # importlib.metadata knows it as well, but takes 20 ms to import.
    found = sorted(directory.glob("workers_runtime_sdk-*.dist-info"))
    return found[-1].name.split("-")[1].removesuffix(".dist") if found else "unknown"


class SdkFinder:
    """Takes the SDK's modules, and no others, from `python_modules`.

    Other packages there may be compiled for WebAssembly.
    """

    def __init__(self, directory: Path) -> None:
        self._path = [str(directory)]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in _MODULES or fullname.startswith(_PREFIX):
            return importlib.machinery.PathFinder.find_spec(fullname, self._path, target)
        return None
