"""`flarelocal init`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click

__all__ = ["command"]

_TEMPLATE = Path(__file__).parent.parent / "template"
_SUFFIX = ".template"


@click.command("init")
@click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="[DIR]"
)
@click.option("--name", help="Name of the Worker.  [default: that of the directory]")
def command(directory: Path, name: str | None) -> None:
    """Write a small Worker that works: queue, cron, Durable Object, and a test.

    Nothing is overwritten: if a file exists already, none is written.
    """
    name = name or _worker_name(directory.resolve().name)
    if not re.fullmatch("[a-z0-9_][a-z0-9-_]*", name):
        raise click.BadParameter(
            f"{name!r} is no name of a Worker: use lower-case letters, digits and dashes"
        )
    files = {
        directory / path.relative_to(_TEMPLATE).with_name(path.name.removesuffix(_SUFFIX)): path
        for path in sorted(_TEMPLATE.rglob(f"*{_SUFFIX}"))
    }
    existing = [str(path) for path in files if path.exists()]
    if existing:
        raise click.ClickException(
            f"{', '.join(existing)} exists already: choose another directory, or move it away"
        )
    for path, source in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        path.write_text(text.replace("{name}", name), encoding="utf-8", newline="\n")
        click.echo(f"  {path}")
    inside = "" if directory.resolve() == Path.cwd() else f"cd {shlex.quote(str(directory))} && "
    click.echo(f"The Worker {name} is ready: {inside}flarelocal dev")


def _worker_name(directory: str) -> str:
    return re.sub("[^a-z0-9]+", "-", directory.lower()).strip("-") or "worker"
