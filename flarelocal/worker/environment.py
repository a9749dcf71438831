"""The environment variables of Workers: Pyodide's few, and what the Worker sets itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flarelocal.config.own import Leniency
from flarelocal.worker.hints import way_around

__all__ = ["redirect_environment", "variables", "variables_of_pyodide"]

variables: ContextVar[dict[Any, Any] | None] = ContextVar("variables", default=None)
"""Those of the present invocation, encoded as in `os.environ`; None: the machine's."""

_HIDDEN = (
    "shows a Worker no variables of the machine: put it into `vars`, or make it a secret, "
    "and read it from `env`"
)


def variables_of_pyodide(python: tuple[int, int]) -> dict[Any, Any]:
    """The variables with which a Worker starts.

    Source: workerd, src/pyodide/internal/pool/emscriptenSetup.ts; the rest is Emscripten's.

    Args:
        python: the version of Python, such as (3, 13).
    """
    found = {
        "USER": "web_user",
        "LOGNAME": "web_user",
        "PATH": "/",
        "PWD": "/",
        "HOME": "/session",
        "LANG": "en.UTF-8",
        "_": "./this.program",
        "LD_LIBRARY_PATH": f"/usr/lib:/lib/python{python[0]}.{python[1]}/site-packages"
        ":/session/metadata/python_modules/lib/",
        "PYTHONHASHSEED": "111",
    }
    encoded = os.environ.encodekey, os.environ.encodevalue
    return {encoded[0](name): encoded[1](value) for name, value in found.items()}


@contextmanager
def redirect_environment() -> Iterator[None]:
    """Have `os.environ` be that of the Worker within its invocations, and as ever elsewhere."""
    usual = type(os.environ)
    objects: list[Any] = [os.environ, *([os.environb] if os.supports_bytes_environ else [])]
    for each in objects:
        each.__class__ = _Environ
    try:
        yield
    finally:
        for each in objects:
            each.__class__ = usual


class _Environ(os._Environ[Any]):
    """Everybody's `os.environ`, whose variables depend on who asks."""

    @property
    def _data(self) -> dict[Any, Any]:
        own = variables.get()
        return self.__dict__["_data"] if own is None else own

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError as error:
            if self.encodekey(key) in self.__dict__["_data"]:
                error.add_note(way_around(Leniency.ENVIRONMENT, _HIDDEN))
            raise

    def __setitem__(self, key: Any, value: Any) -> None:
        if variables.get() is None:
            super().__setitem__(key, value)
        else:
            self._data[self.encodekey(key)] = self.encodevalue(value)

    def __delitem__(self, key: Any) -> None:
        if variables.get() is None:
            super().__delitem__(key)
        elif self._data.pop(self.encodekey(key), None) is None:
            raise KeyError(key)
