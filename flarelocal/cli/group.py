"""Commands that have commands."""

from __future__ import annotations

import click

__all__ = ["Group"]

_LONGEST_SUMMARY = 200


class Group(click.Group):
    """A command whose help tells the first sentence about each of its commands, to its end."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        summaries = [
            (name, self.commands[name].get_short_help_str(_LONGEST_SUMMARY)) for name in names
        ]
        with formatter.section("Commands"):
            formatter.write_dl(summaries)
