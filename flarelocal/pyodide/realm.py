"""Realms: what the Python of one Worker sees as its own.

Python knows one module of a name in a process, whereas each of several Workers has its own `helper`
and its own `js`. So where several Workers are loaded, `sys.modules` shows those of the Worker whose
code is just running; the others are set aside until theirs goes on.
"""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from types import MappingProxyType, ModuleType
from typing import Protocol, TypeVar

from flarelocal.pyodide import profile
from flarelocal.pyodide.finder import ModuleFinder
from flarelocal.pyodide.profile import Profile

__all__ = ["Finder", "Realm", "outside"]

T = TypeVar("T")

_current: ContextVar[Realm | None] = ContextVar("realm", default=None)
_open: list[Realm] = []
_shown: Realm | None = None
_entered: Realm | None = None


class Finder(Protocol):
    """Finds modules, as those of `sys.meta_path` do."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module is to be had; None if this does not know."""


def outside() -> Realm | None:
    """The realm of the present context if code of it would see the modules of another one."""
    if len(_open) < 2:
        return None
    realm = _current.get()
    return None if realm is None or realm is _entered or realm not in _open else realm


class Realm:
    """The modules of one Worker and the rules of its Pyodide.

    Args:
        rules: the Pyodide version.
        served: the modules that Pyodide and the runtime bring. `pyodide-py`, which stands in nearly
            every Python Worker's environment, converts nothing; so modules of these names that
            were imported before are put out of the way.
        finders: find what else belongs to the realm; all other modules are shared.
        modules: those that are imported already.
    """

    def __init__(
        self,
        rules: Profile,
        served: ModuleFinder,
        finders: Sequence[Finder] = (),
        modules: Mapping[str, ModuleType] = MappingProxyType({}),
    ) -> None:
        self.rules = rules
        self._served = served
        self._finders = (served, *finders)
        self._names = set(modules)
        self._aside = dict(modules)
        self._covered: dict[str, ModuleType] = {}
        self._around: list[Realm | None] = []

    def open(self) -> None:
        """Let code import the modules of the realm."""
        _open.append(self)
        sys.meta_path.insert(0, self)
        if _shown is None:
            self._show()

    def close(self) -> dict[str, ModuleType]:
        """Let nobody import the modules any more; gives those that were imported."""
        global _shown
        self._set_aside()
        _open.remove(self)
        sys.meta_path.remove(self)
        if _shown is self:
            _shown = None
            if _open:
                _open[0]._show()
        return self._aside

    def make_current(self) -> None:
        """Make the present context, and whatever is called in it, part of the realm."""
        _current.set(self)
        profile.make_current(self.rules)

    def run(self, function: Callable[[], T]) -> T:
        """Call code of the realm."""
        if len(_open) < 2:
            return function()
        with self:
            return function()

    def __enter__(self) -> None:
        global _entered
        self._around.append(_entered)
        _entered = self
        self._show()

    def __exit__(self, *_: object) -> None:
        global _entered
        _entered = self._around.pop()
        if _entered is not None:
            _entered._show()

    def modules(self) -> dict[str, ModuleType]:
        """The modules that were imported, by name."""
        if _shown is self:
            return {name: sys.modules[name] for name in self._names if name in sys.modules}
        return self._aside

    def add(self, name: str, module: ModuleType) -> None:
        """Have a module imported under a name by the code of the realm, which is running."""
        if name not in self._names and name in sys.modules:
            self._covered[name] = sys.modules[name]
        self._names.add(name)
        sys.modules[name] = module

    def forget(self, name: str) -> None:
        """Have a module read anew when it is imported the next time."""
        self._aside.pop(name, None)
        if _shown is self:
            sys.modules.pop(name, None)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if _shown is not self:
            return None
        for finder in self._finders:
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                self._names.add(fullname)
                return spec
        return None

    def _show(self) -> None:
        global _shown
        if _shown is self:
            return
        if _shown is not None:
            _shown._set_aside()
        else:
            for name in [name for name in sys.modules if self._served.serves(name)]:
                del sys.modules[name]
        sys.modules.update(self._aside)
        profile.use(self.rules)
        _shown = self

    def _set_aside(self) -> None:
        if _shown is self:
            self._aside = self.modules()
            for name in self._aside:
                del sys.modules[name]
            sys.modules.update(self._covered)
