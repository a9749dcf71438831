"""The code of a Worker, read and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from flarelocal.check.classes import check_classes
from flarelocal.check.findings import Findings
from flarelocal.check.handlers import check_handlers
from flarelocal.check.imports import check_imports
from flarelocal.check.module import Module
from flarelocal.config import WorkerConfig

__all__ = ["check_code", "check_main"]

_SKIPPED = frozenset({"__pycache__", "node_modules", "python_modules", "site-packages", "tests"})


def check_code(config: WorkerConfig, findings: Findings) -> None:
    """Check all modules of the Worker, and what the configuration says of the main one."""
    if config.main is None or config.main.suffix != ".py":
        return
    main = [config.main] if config.main.is_file() else []
    others = _files(config.module_root) if config.module_root.is_dir() else ()
    for file in dict.fromkeys([*main, *others]):
        module = _read(file, findings)
        if module is None:
            continue
        check_imports(module, config, findings)
        if file == config.main:
            check_handlers(module, config, findings)
            check_classes(module, config, findings)


def check_main(config: WorkerConfig, findings: Findings) -> None:
    """Check the handlers of the main module, and nothing else."""
    if config.main is not None and (module := _read(config.main, findings)):
        check_handlers(module, config, findings)


def _read(file: Path, findings: Findings) -> Module | None:
    try:
        return Module(file, ast.parse(file.read_bytes(), str(file)))
    except SyntaxError as error:
        place = ast.Pass(lineno=error.lineno or 1, col_offset=(error.offset or 1) - 1)
        findings.error(file, place, f"{type(error).__name__}: {error.msg}", "correct the code")
    except OSError as error:
        text = f"It cannot be read ({error.strerror})"
        findings.error(file, None, text, "check its permissions")
    except ValueError as error:
        findings.error(file, None, f"It cannot be read ({error})", "save it as UTF-8 text")
    return None


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.name in _SKIPPED:
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix == ".py":
            yield path
