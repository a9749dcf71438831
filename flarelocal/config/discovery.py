"""Finding the configuration file, as wrangler does.

Source: workers-sdk, workers-utils/src/config/config-helpers.ts.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from flarelocal.config.diagnostics import ConfigError, Diagnostic, shown
from flarelocal.config.document import read_document

__all__ = ["Found", "find_config"]

_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
_REDIRECT = Path(".wrangler", "deploy", "config.json")


class Found(NamedTuple):
    """The file to read.

    `user_path` is the file that the user wrote; it differs from `path` when a build tool redirects
    to one that it generated, and `redirect` is then the file that says so.
    """

    path: Path
    user_path: Path
    redirect: Path | None = None

    @property
    def note(self) -> str | None:
        """What there is to tell the user about a redirection."""
        if self.redirect is None:
            return None
        user = shown(self.user_path) if self.user_path != self.path else "<no user config found>"
        return (
            "Using redirected Wrangler configuration.\n"
            f' - Configuration being used: "{shown(self.path)}"\n'
            f' - Original user\'s configuration: "{user}"\n'
            f' - Deploy configuration file: "{shown(self.redirect)}"'
        )


def find_config(start: Path) -> Found:
    """Look in a directory and those above it.

    A `wrangler.json` anywhere above comes before a `wrangler.jsonc`, and that before a
    `wrangler.toml`; a redirection by a build tool comes before all of them.

    Raises:
        ConfigError: there is none, or the redirection is not valid.
    """
    user = next((path for name in _NAMES if (path := _upwards(start, Path(name)))), None)
    redirect = _upwards(start, _REDIRECT)
    if redirect is not None:
        target = _follow(redirect)
        if user is not None and user.parent / _REDIRECT != redirect:
            message = (
                f'Found both a user configuration file at "{shown(user)}"\nand a deploy '
                f'configuration file at "{shown(redirect)}".\nBut these do not share the same base '
                "path so it is not clear which should be used."
            )
            raise ConfigError([Diagnostic(message, "name one with --config", redirect)])
        return Found(target, user or target, redirect)
    if user is None:
        raise ConfigError([_nothing_found(start)])
    return Found(user, user)


def _upwards(start: Path, name: Path) -> Path | None:
    candidates = (directory / name for directory in (start, *start.parents))
    return next((path for path in candidates if path.is_file()), None)


def _follow(redirect: Path) -> Path:
    document = read_document(redirect)
    target = document.root.get("configPath")
    if not isinstance(target, str) or not target:
        message = (
            f'A deploy configuration file was found at "{shown(redirect)}".\nBut this is not valid '
            '- the required "configPath" property was not found.'
        )
        at = document.where(())
        raise ConfigError(
            [Diagnostic(message, "build the project again", redirect, at.line, at.column)]
        )
    path = (redirect.parent / target).resolve()
    if not path.is_file():
        message = (
            f'There is a deploy configuration at "{shown(redirect)}".\nBut the redirected '
            f'configuration path it points to, "{shown(path)}", does not exist.'
        )
        at = document.where(("configPath",))
        raise ConfigError(
            [Diagnostic(message, "build the project again", redirect, at.line, at.column)]
        )
    return path


def _nothing_found(start: Path) -> Diagnostic:
    if _upwards(start, Path("cloudflare.config.ts")):
        message = "cloudflare.config.ts is TypeScript, which flarelocal does not evaluate"
        return Diagnostic(message, "write a wrangler.jsonc beside it")
    for name in _NAMES:
        if os.path.lexists(start / name):
            message = f"{shown(start / name)} is not a file that can be read"
            return Diagnostic(message, "make it one, or name another with --config")
    message = f"There is no Wrangler configuration in {start} or above it"
    return Diagnostic(message, "create a wrangler.jsonc, or name a file with --config")
