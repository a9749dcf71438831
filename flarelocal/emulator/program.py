"""The code of a Worker, apart from everything that it works on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flarelocal.bindings.cloudflare_workers import CloudflareSockets, CloudflareWorkers
from flarelocal.config import WorkerConfig
from flarelocal.config.compatibility import Compatibility
from flarelocal.config.own import Leniency
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.event_target import listeners_are_independent
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.profile import PROFILES, Profile
from flarelocal.worker.code import Code
from flarelocal.worker.environment import variables, variables_of_pyodide
from flarelocal.worker.invocation import Invocation
from flarelocal.worker.loader import LoadError
from flarelocal.worker.runtime import PythonRuntime
from flarelocal.worker.scope import Scope
from flarelocal.worker.sdk import Sdk

if TYPE_CHECKING:
    from flarelocal.bindings.cache import Caches

__all__ = ["Program"]


class Program:
    """A Worker's code, loaded once and run by any number of emulators, one after the other.

    As in the real runtime, what its modules keep in memory outlives each of them. Use it as a
    context manager, or call `close` in the end.

    Args:
        shared: whether the rest of the process works with the Worker's modules, as tests do: they
            and the SDK are the same for all, and `workers.env` can be had outside of events.

    Attributes:
        config: what the Worker is; a change holds from the next `load` on.
        scope: what the code finds around it; filled by the emulator that runs the program.
        code: None until it is loaded.
        caches: those of the emulator that runs the program.
        lenient: the checks that are switched off.
    """

    caches: Caches

    def __init__(self, config: WorkerConfig, *, shared: bool = False) -> None:
        self.config = config
        self.scope = Scope()
        self.lenient = config.own.lenient
        self._shared = shared
        self._variables: dict[Any, Any] = {}
        self.code: Code | None = None
        self._runtime: PythonRuntime | None = None
        self._opened_for: Compatibility | None = None

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Make ready to load.

        Raises:
            SdkNotFoundError: there is no SDK.
        """
        compatibility = self.config.compatibility
        if self._runtime is not None and self._opened_for != compatibility:
            self.close()
        if self._runtime is None:
            self._opened_for = compatibility
            self._runtime = PythonRuntime(
                self.config.directory,
                self.profile,
                compatibility.flags,
                GlobalScope(self._globals()),
                {
                    "cloudflare:workers": CloudflareWorkers(self.scope if self._shared else None),
                    "cloudflare:sockets": CloudflareSockets(),
                },
                {
                    "cloudflare:email": _cloudflare_email,
                },
                shared=self._shared,
            )
            self.scope.realm = self._runtime.realm
            independent = compatibility.enabled("spec_compliant_dispatch_exceptions")
            self.scope.rules = () if independent else ((listeners_are_independent, False),)
            if Leniency.ENVIRONMENT not in self.lenient:
                self.scope.rules = (*self.scope.rules, (variables, self._variables))
            if Leniency.DERIVATION_LIMITS in self.lenient:
                from flarelocal.javascript.web.crypto.limits import most_iterations

                self.scope.rules = (*self.scope.rules, (most_iterations, None))

    async def load(self, invocation: Invocation) -> None:
        """Import the main module afresh, within an invocation.

        Raises:
            LoadError: it cannot be imported, or lacks what the configuration says of it.
        """
        main = self.config.main
        if main is None:
            if self.config.assets is None:
                raise LoadError("`main` is missing in the config: name the Worker's main module")
            return
        assert self._runtime is not None
        self._variables.clear()
        self._variables.update(variables_of_pyodide(self.profile.python))
        code = await self._runtime.load(
            main,
            invocation,
            global_handlers=not self.config.compatibility.enabled("python_no_global_handlers"),
            randomness=Leniency.STARTUP_RANDOMNESS in self.lenient,
        )
        bindings = self.config.durable_objects.bindings
        bound = [each.class_name for each in bindings if not each.script_name]
        missing = [name for name in bound if not code.exports(name, "fetch")]
        if missing:
            raise LoadError(
                "Your Worker depends on the following Durable Objects, which are not exported in "
                f"your entrypoint file: {', '.join(missing)}.\n"
                f"You should export these objects from your entrypoint, {main}."
            )
        self.code = code

    def close(self) -> None:
        """Let go of the code and its modules."""
        self.code = None
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None

    def _globals(self) -> dict[str, Callable[[], Value]]:
        """The globals that depend on what runs the program, or on its configuration."""
        return {
            "Cache": lambda: _class_of_caches("Cache"),
            "CacheStorage": lambda: _class_of_caches("CacheStorage"),
            "Cloudflare": self._cloudflare,
            "caches": self._cache_storage,
            "process": self._process,
        }

    def _cache_storage(self) -> Value:
        from flarelocal.bindings.cache import CacheStorage

        return CacheStorage(lambda: self.caches)

    def _process(self) -> Value:
        from flarelocal.javascript.web.process import Process

        shown = self.config.compatibility.enabled("nodejs_compat_populate_process_env")
        return Process(self.scope.env if shown else {})

    def _cloudflare(self) -> Value:
        """`Cloudflare`: which compatibility flags are on."""
        return {"compatibilityFlags": dict(self.config.compatibility.flags)}

    @property
    def profile(self) -> Profile:
        """The Pyodide version whose rules apply."""
        return PROFILES[self.config.compatibility.pyodide]

    @property
    def sdk(self) -> Sdk:
        """The SDK that the program runs on."""
        assert self._runtime is not None
        return self._runtime.sdk


def _class_of_caches(name: str) -> Value:
    from flarelocal.bindings import cache

    return constructor_of_class(getattr(cache, name))


def _cloudflare_email() -> HostObject:
    from flarelocal.bindings.cloudflare_email import CloudflareEmail

    return CloudflareEmail()
