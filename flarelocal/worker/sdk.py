"""Which `workers-runtime-sdk` the Worker's `import workers` finds."""

from __future__ import annotations

import importlib.machinery
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from flarelocal.dataclass import dataclass

__all__ = ["Sdk", "SdkFinder", "SdkNotFoundError", "find_sdk", "keep_sdk", "kept_sdk"]

_MODULES = ("workers", "asgi")
_PREFIX = "_workers_sdk"
_kept: dict[object, dict[str, ModuleType]] = {}


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
    installed = importlib.machinery.PathFinder.find_spec("workers")
    if installed is None or installed.origin is None:
        raise SdkNotFoundError(
            "the Worker needs Cloudflare's Python SDK: pip install workers-runtime-sdk"
        )
    return Sdk(None, _version(Path(installed.origin).parent.parent))


def kept_sdk(rules: object) -> dict[str, ModuleType]:
    """The modules of an SDK that was imported before under the same rules, and is free.

    It looks at the rules while it is imported, which takes as long as all else that a start does.
    """
    return _kept.pop(rules, {})


def keep_sdk(rules: object, modules: Mapping[str, ModuleType]) -> None:
    """Keep the SDK's among the modules of a Worker for the next one."""
    _kept[rules] = {name: module for name, module in modules.items() if _is_sdk(name)}


def _is_sdk(name: str) -> bool:
    return name.partition(".")[0] in _MODULES or name.startswith(_PREFIX)


def _version(directory: Path) -> str:
    # importlib.metadata knows it as well, but takes 20 ms to import.
    found = sorted(directory.glob("workers_runtime_sdk-*.dist-info"))
    return found[-1].name.split("-")[1].removesuffix(".dist") if found else "unknown"


class SdkFinder:
    """Takes the SDK's modules, and no others, from where it lies.

    Other packages in `python_modules` may be compiled for WebAssembly.
    """

    def __init__(self, sdk: Sdk) -> None:
        self._path = [str(sdk.directory)] if sdk.directory else None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not _is_sdk(fullname):
            return None
        places = self._path if path is None else path
        return importlib.machinery.PathFinder.find_spec(fullname, places, target)
