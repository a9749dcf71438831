"""The command line: one module per command, imported when it is used."""

from __future__ import annotations

import importlib

import click

from flarelocal import __version__

__all__ = ["main"]

_COMMANDS = {
    "init": "Write a small Worker that works: queue, cron, Durable Object, and a test.",
    "dev": "Serve a Worker: HTTP, queues, crons and Durable Objects.",
    "check": "Check the config and the code without starting anything.",
    "cron": "See when crons fire, and fire them.",
    "queues": "See and steer queues: list, send, peek, pause, redrive.",
    "clock": "See and move the clock of the server that runs.",
    "trigger": "Run one event against the Worker without a server: the smoke test of CI.",
    "do": "See and steer Durable Objects: list, storage, sql, alarm, evict, import.",
    "d1": "Run SQL on D1 databases, and apply migrations.",
    "kv": "See and change keys of KV namespaces.",
    "r2": "See and change objects of R2 buckets.",
    "cache": "See and purge what Workers have cached.",
    "state": "Bring over what `wrangler dev` has stored.",
}


_MODULES = {"state": "importing"}
"""where a command is that is not in the module of its name"""


class _Commands(click.Group):
    """Finds `flarelocal.cli.<name>` when a command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"flarelocal.cli.{_MODULES.get(name, name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="flarelocal")
def main() -> None:
    """The local runtime for Cloudflare Python Workers."""
