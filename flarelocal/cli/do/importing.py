"""`flarelocal do import`."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from pathlib import Path

import click

from flarelocal.cli.display import Display
from flarelocal.cli.server import config_of_state, state_of
from flarelocal.cli.times import utc

__all__ = ["import_"]


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--overwrite", is_flag=True, help="Replace objects that exist here.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@config_of_state
@click.option(
    "--persist-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="State directory.  [default: .flarelocal/state beside the config]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    path: Path,
    overwrite: bool,
    dry_run: bool,
    config: Path | None,
    persist_to: Path | None,
    as_json: bool,
) -> None:
    """Copy the objects of `wrangler dev` into the state directory, alarms and facets included.

    PATH is the directory .wrangler of a project, or its state/v3/do. Nothing is written there.
    """
    from flarelocal.durable_objects.importing import (
        ImportRefusedError,
        find_objects,
        import_objects,
    )
    from flarelocal.state import StateDirectory, StateDirectoryError

    try:
        with contextlib.closing(StateDirectory(persist_to or state_of(config))) as state:
            target = state.path / "do"
            found = list(find_objects(path, target, _readable))
            if not (overwrite or dry_run) and (taken := [each for each in found if each.exists]):
                raise click.ClickException(
                    f"{len(taken)} of {len(found)} objects exist here already, the first is "
                    f"{taken[0].id} of {taken[0].namespace}: replace them with --overwrite"
                )
            if not dry_run:
                import_objects(path, target, found)
    except (ImportRefusedError, StateDirectoryError) as error:
        raise click.ClickException(str(error)) from None
    display = Display(as_json)
    if as_json:
        display.json({"imported": not dry_run, "objects": [asdict(each) for each in found]})
        return
    display.table(
        ["namespace", "name", "id", "keys", "unreadable", "tables", "facets", "alarm", "here"],
        [
            [
                each.namespace,
                each.name or "-",
                each.id,
                each.keys,
                len(each.unreadable),
                each.tables,
                each.facets,
                "-" if each.alarm_ms is None else utc(each.alarm_ms),
                "yes" if each.exists else "no",
            ]
            for each in found
        ],
        "",
    )
    click.echo(f"{'Would import' if dry_run else 'Imported'} {len(found)} objects.")


def _readable(value: bytes) -> bool:
    from flarelocal.javascript.clone import deserialize
    from flarelocal.javascript.errors import JsError

    try:
        deserialize(value)
    except JsError:
        return False
    return True
