"""`flarelocal r2 object`: objects of R2 buckets, in wrangler's shape."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.stores import Stores, on_stores

__all__ = ["command"]

_CHUNK_BYTES = 256 * 1024


@click.group("r2", cls=Group)
def command() -> None:
    """See and change R2 buckets: of the server that runs, else in the state directory."""


@command.group("object")
def object_() -> None:
    """See and change objects; an OBJECT is BUCKET/KEY."""


def _path(place: str) -> str:
    bucket, separator, key = place.partition("/")
    if not (bucket and separator and key):
        raise click.UsageError(f"{place!r} names no object: write BUCKET/KEY.")
    return f"/r2/buckets/{quote(bucket, safe='')}/objects/{quote(key, safe='')}"


@object_.command("put")
@click.argument("place", metavar="OBJECT")
@click.option("-f", "--file", type=click.File("rb"), help="Its content.")
@click.option("-p", "--pipe", is_flag=True, help="The content is standard input.")
@click.option("--content-type", "--ct", help="Of the content.")
@click.option("--cache-control", help="For browsers.")
@on_stores
async def put(
    stores: Stores,
    display: Display,
    place: str,
    file: BinaryIO | None,
    pipe: bool,
    content_type: str | None,
    cache_control: str | None,
) -> None:
    """Store an object."""
    if (file is not None) == pipe:
        raise click.UsageError("Give the content, as a --file or by --pipe.")
    content = _chunks(file or sys.stdin.buffer)
    given = {"contentType": content_type, "cacheControl": cache_control}
    metadata = json.dumps({name: text for name, text in given.items() if text is not None})
    query = urlencode({"http_metadata": metadata})
    found = await stores.call("PUT", f"{_path(place)}?{query}", content)
    display.done(found["result"], f'Stored "{place}".')


@object_.command("get")
@click.argument("place", metavar="OBJECT")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Where to write it.")
@click.option("-p", "--pipe", is_flag=True, help="Write it to standard output.")
@on_stores
async def get(stores: Stores, display: Display, place: str, file: Path | None, pipe: bool) -> None:
    """Read an object; without options into a file that is called as it is."""
    path = _path(place)
    bucket, _, key = place.partition("/")
    if key not in [each["key"] for each in await _listed(stores, bucket, key, most=1)]:
        raise click.ClickException(
            "The specified key does not exist: see `flarelocal r2 object list`"
        )
    target = "-" if pipe else str(file or PurePosixPath(key).name)
    size = 0
    with click.open_file(target, "wb") as written:
        async with stores.download(path) as chunks:
            async for chunk in chunks:
                written.write(chunk)
                size += len(chunk)
    if not pipe:
        display.done({"file": target, "size": size}, f'Wrote "{place}" to {target}.')


@object_.command("list")
@click.argument("bucket")
@click.option("--prefix", default="", help="Only objects whose keys begin so.")
@on_stores
async def list_(stores: Stores, display: Display, bucket: str, prefix: str) -> None:
    """Show the objects of a bucket."""
    objects = await _listed(stores, bucket, prefix)
    if display.as_json:
        display.json(objects)
        return
    rows = [[each["key"], each["size"], each["etag"], each["last_modified"]] for each in objects]
    display.table(["key", "bytes", "etag", "modified"], rows, f'"{bucket}" has no such objects.')


@object_.command("delete")
@click.argument("place", metavar="OBJECT")
@on_stores
async def delete(stores: Stores, display: Display, place: str) -> None:
    """Remove an object."""
    await stores.call("DELETE", _path(place))
    display.done({"deleted": place}, f'Deleted "{place}".')


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


async def _listed(stores: Stores, bucket: str, prefix: str, most: int | None = None) -> list[Any]:
    objects: list[Any] = []
    cursor = ""
    while True:
        asked: dict[str, object] = {"prefix": prefix, "per_page": most or 1000}
        query = urlencode(asked | ({"cursor": cursor} if cursor else {}))
        path = f"/r2/buckets/{quote(bucket, safe='')}/objects?{query}"
        found = await stores.call("GET", path)
        objects += found["result"]
        cursor = found["result_info"]["cursor"]
        if most or not cursor:
            return objects
