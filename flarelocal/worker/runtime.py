"""The Python that a Worker runs on: Pyodide's modules, the runtime's, and the SDK."""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide import profile
from flarelocal.pyodide.blocking import redirect_blocking_calls
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.finder import ModuleFinder
from flarelocal.pyodide.future import rejected, resolved
from flarelocal.pyodide.json_null import null_in_json
from flarelocal.pyodide.modules import pyodide_modules
from flarelocal.pyodide.profile import Profile
from flarelocal.worker.invocation import Invocation
from flarelocal.worker.loader import forget, leave, load_main
from flarelocal.worker.output import redirect_output
from flarelocal.worker.python_code import PythonCode
from flarelocal.worker.sdk import Sdk, SdkFinder, find_sdk, forget_sdk, remember_sdk
from flarelocal.worker.startup import enter_startup

__all__ = ["PythonRuntime"]


class PythonRuntime:
    """Makes `js`, `pyodide` and `workers` importable and loads Workers.

    It changes the interpreter as a whole; `close` takes that back.

    Args:
        project: the directory of the configuration, where `python_modules` may lie.
        flags: the compatibility flags that Worker code can ask for.
        scope: the global object.
        modules: `cloudflare:workers` and `cloudflare:sockets`.

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
    ) -> None:
        self.sdk: Sdk = find_sdk(project)
        self.profile = rules
        profile.use(rules)
        self._finder = ModuleFinder(
            {
                "js": to_python(scope),
                "_pyodide_entrypoint_helper": _entrypoint_helper(modules),
                "_cloudflare_compat_flags": _flags(flags),
                **pyodide_modules(),
            }
        )
        self._finder.install()
        self._root: Path | None = None
        self._rules = (rules, frozenset(flags.items()), self.sdk)
        forget_sdk(self._rules)
        self._sdk_finder = SdkFinder(self.sdk.directory) if self.sdk.directory else None
        if self._sdk_finder:
            sys.meta_path.insert(1, self._sdk_finder)
        self._redirected = ExitStack()
        self._redirected.enter_context(redirect_blocking_calls())
        self._redirected.enter_context(redirect_output())
        if rules.null_in_json:
            self._redirected.enter_context(null_in_json())

    async def load(
        self, main: Path, invocation: Invocation, *, global_handlers: bool
    ) -> PythonCode:
        """Import a main module afresh, within an invocation.

        Raises:
            LoadError: it cannot be imported.
        """
        self._root = main.parent
        forget(main.parent)

        async def load() -> PythonCode:
            enter_startup()
            return PythonCode(load_main(main), invocation.env, global_handlers=global_handlers)

        code: PythonCode = await invocation.run(load())
        remember_sdk(self._rules)
        return code

    def close(self) -> None:
        """Take the modules away again, and the Worker's own with them."""
        self._redirected.close()
        if self._root is not None:
            forget(self._root)
            leave(self._root)
        self._finder.remove()
        if self._sdk_finder in sys.meta_path:
            sys.meta_path.remove(self._sdk_finder)


def _entrypoint_helper(modules: Mapping[str, HostObject]) -> types.ModuleType:
    helper = types.ModuleType("_pyodide_entrypoint_helper")

    def do_an_import(name: str) -> Any:
        found = modules.get(name)
        return rejected(error(f'No such module "{name}".')) if found is None else resolved(found)

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
