"""Reading the configuration of a Worker: the one way in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from flarelocal.config.build import build
from flarelocal.config.compatibility import DEFAULT_COMPATIBILITY_DATE, Compatibility
from flarelocal.config.diagnostics import ConfigError, Diagnostic
from flarelocal.config.discovery import Found, find_config
from flarelocal.config.document import read_document
from flarelocal.config.durable_objects import fold
from flarelocal.config.environments import Environment, choose_environment
from flarelocal.config.own import OwnSettings, read_own_settings
from flarelocal.config.report import Report
from flarelocal.config.sections import date_of
from flarelocal.config.soundness import check_soundness
from flarelocal.config.variables import Variables, read_variables
from flarelocal.config.worker import WorkerConfig

__all__ = ["LoadedConfig", "load_config"]


class LoadedConfig(NamedTuple):
    """A configuration that can be used, and what there is to say about it.

    `notes` are lines of information, such as where secrets come from; `files` were read.
    """

    config: WorkerConfig
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]
    files: tuple[Path, ...]


def load_config(
    path: Path | None = None,
    *,
    start: Path | None = None,
    environment: str | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
    env_files: Sequence[Path] = (),
    process_env: Mapping[str, str] = os.environ,
) -> LoadedConfig:
    """Read, check and complete the configuration of a Worker.

    Args:
        path: the file; without it, the one that wrangler would find.
        start: where to look for it, the working directory unless given.
        environment: a named environment, "" for the top level; without it, `CLOUDFLARE_ENV`.
        variables: variables that come before all others.
        env_files: files of variables to read in place of `.dev.vars` and `.env`, relative to the
            configuration.
        process_env: the environment variables.

    Raises:
        ConfigError: there is no configuration, or it is wrong; all that is wrong is in it.
    """
    found = find_config((start or Path.cwd()).resolve()) if path is None else _named(path)
    document = read_document(found.path)
    report = Report(document)
    for keys in document.repeated:
        message = f'"{keys[-1]}" stands here more than once in the same object'
        report.warning(keys, message, "only the last one counts; remove the others")
    name = process_env.get("CLOUDFLARE_ENV") if environment is None else environment
    chosen = choose_environment(
        report,
        name or None,
        "the CLOUDFLARE_ENV environment variable"
        if environment is None
        else "the `--env/-e` CLI argument",
        redirected=found.redirect is not None,
        format_=f"wrangler{found.path.suffix}",
    )
    compatibility = _compatibility(chosen)
    try:
        own = read_own_settings(found.user_path.parent)
    except ConfigError as error:
        report.errors += error.diagnostics
        own = OwnSettings()
    check_soundness(chosen, found.path.parent, compatibility, own.bindings, process_env)
    folded = fold(chosen.node("migrations", []), chosen.values.get("exports", {}))
    secrets = chosen.values.get("secrets")
    declared = chosen.values.get("vars", {})
    try:
        read = read_variables(
            declared,
            None if secrets is None else secrets.get("required", []),
            directory=found.user_path.parent,
            environment=name or None,
            env_files=env_files,
            overrides=variables,
            process_env=process_env,
        )
    except ConfigError as error:
        report.errors += error.diagnostics
        read = Variables(declared, frozenset())
    config = build(chosen, found, compatibility, folded, read, own, process_env)
    report.stop_on_errors(config)
    files = (found.path, *([found.redirect] if found.redirect else []), *read.files, *own.files)
    notes = (*([found.note] if found.note else []), *read.notes)
    return LoadedConfig(config, (*report.ordered_warnings(), *read.warnings), notes, files)


def _named(path: Path) -> Found:
    absolute = Path(os.path.abspath(path))
    return Found(absolute, absolute)


def _compatibility(environment: Environment) -> Compatibility:
    date = date_of(environment.values.get("compatibility_date", ""))
    flags = environment.values.get("compatibility_flags", ())
    return Compatibility(date or DEFAULT_COMPATIBILITY_DATE, flags)
