"""Which `workers-runtime-sdk` the Worker's `import workers` finds."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.metadata
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from flarelocal.dataclass import dataclass

__all__ = ["Sdk", "SdkFinder", "SdkNotFoundError", "find_sdk"]

_MODULES = ("workers", "asgi")
_PREFIX = "_workers_sdk"


class SdkNotFoundError(Exception):
    """There is no SDK to run the Worker on."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """An SDK that was found.

    Attributes:
        directory: where its modules lie; None for the installed distribution.
        version: of the distribution, `vendored` where that is unknown.
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
        found = sorted(vendored.glob("workers_runtime_sdk-*.dist-info"))
        version = found[-1].name.split("-")[1].removesuffix(".dist") if found else "vendored"
        return Sdk(vendored, version)
    try:
        return Sdk(None, importlib.metadata.version("workers-runtime-sdk"))
    except importlib.metadata.PackageNotFoundError:
        raise SdkNotFoundError(
            "the Worker needs Cloudflare's Python SDK: pip install workers-runtime-sdk"
        ) from None


class SdkFinder(importlib.abc.MetaPathFinder):
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
