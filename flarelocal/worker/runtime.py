"""The Python that a Worker runs on: Pyodide's modules, the runtime's, and the SDK."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.finder import ModuleFinder
from flarelocal.pyodide.future import rejected, resolved
from flarelocal.pyodide.js_modules import JsModules
from flarelocal.pyodide.modules import pyodide_modules
from flarelocal.pyodide.profile import Profile
from flarelocal.pyodide.realm import Realm
from flarelocal.worker.interpreter import adapted
from flarelocal.worker.invocation import Invocation
from flarelocal.worker.loader import OwnModules, forget, imported, load_main
from flarelocal.worker.python_code import PythonCode
from flarelocal.worker.sdk import Sdk, SdkFinder, find_sdk, keep_sdk, kept_sdk
from flarelocal.worker.startup import enter_startup

__all__ = ["PythonRuntime"]


class PythonRuntime:
    """Makes `js`, `pyodide` and `workers` importable for one Worker, and loads it.

    Args:
        project: the directory of the configuration, where `python_modules` may lie.
        flags: the compatibility flags that Worker code can ask for.
        scope: the global object.
        modules: `cloudflare:workers` and `cloudflare:sockets`.
        further: makes modules that only events can import.
        shared: whether all code of the process works with the Worker's modules, which are then
            found by `sys.path` and are imported once; the SDK is none that served another Worker.

    Attributes:
        realm: what its code sees.

    Raises:
        SdkNotFoundError: there is no SDK.
    """

    def __init__(
        self,
        project: Path,
        rules: Profile,
        flags: Mapping[str, bool],
        scope: GlobalScope,
        modules: Mapping[str, HostObject],
        further: Mapping[str, Callable[[], HostObject]],
        *,
        shared: bool = False,
    ) -> None:
        self._shared = shared
        self.sdk: Sdk = find_sdk(project)
        self._rules = (rules, frozenset(flags.items()), self.sdk)
        self._own = OwnModules()
        registered = JsModules()
        self.realm = Realm(
            rules,
            ModuleFinder(
                {
                    "js": to_python(scope),
                    "_pyodide_entrypoint_helper": _entrypoint_helper(modules, further),
                    "_cloudflare_compat_flags": _flags(flags),
                    **pyodide_modules(rules, registered),
                }
            ),
            [registered, SdkFinder(self.sdk), *([] if shared else [self._own])],
            {} if shared else kept_sdk(self._rules),
        )
        self.realm.open()
        adapted.begin()

    async def load(
        self, main: Path, invocation: Invocation, *, global_handlers: bool, randomness: bool = False
    ) -> PythonCode:
        """Import a main module, within an invocation of the realm; afresh, unless it is shared.

        Args:
            randomness: whether its modules may draw random numbers and see the time meanwhile.

        Raises:
            LoadError: it cannot be imported.
        """
        self._own.root = main.parent
        present = imported(main) if self._shared else None
        if not self._shared:
            forget(self.realm, main.parent)

        async def load() -> PythonCode:
            enter_startup(randomness=randomness)
            module = present or load_main(main, self.realm, randomness=randomness)
            env = invocation.scope.env
            return PythonCode(module, env, self.realm, global_handlers=global_handlers)

        code: PythonCode = await invocation.run(load())
        return code

    def close(self) -> None:
        """Take the modules away again, and the Worker's own with them."""
        adapted.end()
        if self._own.root is not None and not self._shared:
            forget(self.realm, self._own.root)
        modules = self.realm.close()
        if not self._shared:
            keep_sdk(self._rules, modules)


def _entrypoint_helper(
    modules: Mapping[str, HostObject], further: Mapping[str, Callable[[], HostObject]]
) -> types.ModuleType:
    helper = types.ModuleType("_pyodide_entrypoint_helper")
    imported = dict(modules)

    def do_an_import(name: str) -> Any:
        if name not in imported:
            if name not in further:
                return rejected(error(f'No such module "{name}".'))
            imported[name] = further[name]()
        return resolved(imported[name])

    helper.__dict__.update(
        doAnImport=do_an_import,
        cloudflareWorkersModule=to_python(modules["cloudflare:workers"]),
        cloudflareSocketsModule=to_python(modules["cloudflare:sockets"]),
        patchWaitUntil=lambda context: None,
    )
    return helper


def _flags(flags: Mapping[str, bool]) -> types.ModuleType:
    module = types.ModuleType("_cloudflare_compat_flags")
    module.__dict__.update(flags)
    return module
