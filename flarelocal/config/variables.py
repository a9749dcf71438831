"""The variables and secrets of a Worker: of its file, of `.dev.vars` or `.env`, of the command.

Source: workers-sdk, wrangler/src/dev/dev-vars.ts and wrangler/src/config/dot-env.ts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from flarelocal.config.diagnostics import ConfigError, Diagnostic, shown
from flarelocal.config.dotenv import expand, parse
from flarelocal.config.tree import Json

__all__ = ["Variables", "read_variables"]


class Variables(NamedTuple):
    """What a Worker finds in `env` as text or JSON.

    `secrets` are the names whose values are not to be shown; `files` were read.
    """

    values: Mapping[str, Json]
    secrets: frozenset[str]
    notes: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    files: tuple[Path, ...] = ()


def read_variables(
    declared: Mapping[str, Json],
    required: Sequence[str] | None,
    *,
    directory: Path,
    environment: str | None,
    env_files: Sequence[Path] = (),
    overrides: Mapping[str, str],
    process_env: Mapping[str, str],
) -> Variables:
    """Put the variables together; later sources win.

    Args:
        declared: `vars` of the configuration.
        required: `secrets.required`; None when there is no such section. With one, only names that
            are declared or required are taken from files.
        directory: where `.dev.vars` and `.env` files are.
        env_files: files to read in place of those.
        overrides: what the command line says.

    Raises:
        ConfigError: a file cannot be read, or a switch among the environment variables is neither
            "true" nor "false".
    """
    source = _read_files(directory, environment, env_files, required is not None, process_env)
    found = source.values
    warnings = list(source.warnings)
    if required is not None:
        found = {name: found[name] for name in found if name in declared or name in required}
        if missing := [name for name in required if name not in found]:
            message = f"Missing required secrets: {', '.join(missing)}. Add them to .dev.vars, "
            warnings.append(Diagnostic(f"{message}.env, or set as environment variables."))
    return Variables(
        {**declared, **found, **overrides},
        frozenset({*found, *overrides}),
        source.notes,
        tuple(warnings),
        source.files,
    )


class _Source(NamedTuple):
    values: Mapping[str, str]
    notes: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    files: tuple[Path, ...] = ()


def _read_files(
    directory: Path,
    environment: str | None,
    env_files: Sequence[Path],
    with_process: bool,
    process_env: Mapping[str, str],
) -> _Source:
    if not env_files:
        names = [f".dev.vars.{environment}"] if environment else []
        for name in (*names, ".dev.vars"):
            path = directory / name
            if path.is_file():
                return _Source(
                    _parse(path), (f"Using secrets defined in {shown(path)}",), (), (path,)
                )
    if not _is_on(process_env, "CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV", default=True):
        return _Source({})
    merged: dict[str, str] = {}
    notes: list[str] = []
    warnings: list[Diagnostic] = []
    files: list[Path] = []
    for path in (directory / file for file in env_files or _default_files(environment)):
        if path.is_file():
            merged |= _parse(path)
            notes.append(f"Using secrets defined in {shown(path)}")
            files.append(path)
        elif env_files:
            message = f"The file {shown(path)} that --env-file names does not exist"
            warnings.append(
                Diagnostic(message, "check the path, which is relative to the configuration")
            )
    surroundings: Mapping[str, str] = {}
    if with_process or _is_on(process_env, "CLOUDFLARE_INCLUDE_PROCESS_ENV", default=False):
        surroundings = process_env
        notes.append("Using secrets defined in process.env")
    return _Source(expand(merged, surroundings), tuple(notes), tuple(warnings), tuple(files))


def _default_files(environment: str | None) -> Iterable[Path]:
    names = [".env", ".env.local"]
    if environment:
        names += [f".env.{environment}", f".env.{environment}.local"]
    return map(Path, names)


def _parse(path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        message = f"Could not read file: {shown(path)} ({error.strerror})"
        raise ConfigError([Diagnostic(message, "check its permissions")]) from None
    return parse(text)


def _is_on(process_env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = process_env.get(name)
    if value is None:
        return default
    if value.lower() not in ("true", "false"):
        message = f'Expected {name} to be "true" or "false", but got {json.dumps(value)}'
        raise ConfigError([Diagnostic(message, "set it to one of these, or unset it")])
    return value.lower() == "true"
