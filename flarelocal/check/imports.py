"""What Python in the Workers runtime lacks.

Source: Cloudflare docs, "Python Workers: Standard Library".
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from flarelocal.check.findings import Findings
from flarelocal.check.module import Module
from flarelocal.config import WorkerConfig

__all__ = ["check_imports"]

_REMOVED = frozenset(
    (
        "curses",
        "dbm",
        "ensurepip",
        "fcntl",
        "grp",
        "idlelib",
        "lib2to3",
        "msvcrt",
        "pty",
        "pwd",
        "resource",
        "syslog",
        "termios",
        "tkinter",
        "tty",
        "turtle",
        "turtledemo",
        "venv",
        "winreg",
        "winsound",
    )
)
_RUNTIME = frozenset({"js", "pyodide", "pyodide_js", "workers", "asgi", "_cloudflare_compat_flags"})
_THREADS = "await coroutines with asyncio.gather, or send the work to a queue"
_PROCESSES = "a Worker is the only process: do the work in Python, or send it to a queue"
_SOCKETS = "use fetch, or connect of cloudflare:sockets"
_FAILING = {
    "_thread.start_new_thread": _THREADS,
    "asyncio.create_subprocess_exec": _PROCESSES,
    "asyncio.create_subprocess_shell": _PROCESSES,
    "asyncio.open_connection": _SOCKETS,
    "asyncio.start_server": _SOCKETS,
    "concurrent.futures.ProcessPoolExecutor": _PROCESSES,
    "concurrent.futures.ThreadPoolExecutor": _THREADS,
    "multiprocessing.*": _PROCESSES,
    "os.fork": _PROCESSES,
    "os.popen": _PROCESSES,
    "os.system": _PROCESSES,
    "socket.create_connection": _SOCKETS,
    "socket.create_server": _SOCKETS,
    "socket.getaddrinfo": _SOCKETS,
    "socket.socket": _SOCKETS,
    "socketserver.*": _SOCKETS,
    "subprocess.*": _PROCESSES,
    "threading.Thread": _THREADS,
    "threading.Timer": _THREADS,
}
_HARMLESS = ("subprocess.PIPE", "subprocess.DEVNULL", "subprocess.CalledProcessError")


def check_imports(module: Module, config: WorkerConfig, findings: Findings) -> None:
    """Check the imports of a module, and the calls that cannot work."""
    guarded = set(_guarded(module.tree))
    for node, name in _imports(module.tree):
        first = name.partition(".")[0]
        tell = findings.warning if node in guarded else findings.error
        if first in _REMOVED:
            text = f"Pyodide has no module {first!r}"
            tell(module.file, node, text, "do without it: the Worker would not start")
        elif not _exists(first, module.file, config):
            tell(
                module.file,
                node,
                f"There is no module {first!r}",
                f"install the package that has it, or correct the path below {config.module_root}",
            )
    for call, name in _calls(module):
        owner = name.rpartition(".")[0]
        fix = _FAILING.get(name) or _FAILING.get(f"{owner}.*")
        if fix and name not in _HARMLESS:
            findings.error(module.file, call, f"{name} does not work in the Workers runtime", fix)


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (name := module.name_of(node.func)):
            yield node, name


def _guarded(tree: ast.Module) -> Iterator[ast.AST]:
    """What runs late, or may fail: code of functions, of `try`, and for type checkers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Try | ast.If):
            yield from ast.walk(node)


def _exists(name: str, file: Path, config: WorkerConfig) -> bool:
    if name in sys.stdlib_module_names or name in _RUNTIME or name.startswith("_pyodide"):
        return True
    places = (config.module_root, file.parent, config.directory / "python_modules")
    for place in places:
        if (place / name).is_dir() or any(place.glob(f"{name}.*")):
            return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
