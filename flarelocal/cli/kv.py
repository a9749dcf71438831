"""`flarelocal kv key`: keys of KV namespaces, in wrangler's shape."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar
from urllib.parse import quote, urlencode

import click

from flarelocal.cli.display import Display
from flarelocal.cli.group import Group
from flarelocal.cli.stores import Stores, config_of, on_stores

__all__ = ["command"]

F = TypeVar("F", bound=Callable[..., Any])


@click.group("kv", cls=Group)
def command() -> None:
    """See and change KV namespaces: of the server that runs, else in the state directory."""


@command.group("key")
def key() -> None:
    """See and change keys."""


def _namespace(work: F) -> F:
    binding = click.option("--binding", help="The binding of the namespace.")
    return binding(click.option("--namespace-id", help="The id of the namespace.")(work))


def _path(binding: str | None, namespace_id: str | None) -> str:
    if (binding is None) == (namespace_id is None):
        raise click.UsageError("Name the namespace, by --binding or by --namespace-id.")
    id = namespace_id
    if binding is not None:
        config = config_of()
        known = {each.binding: each.id for each in config.kv_namespaces} if config else {}
        id = known.get(binding, None if config else binding)
        if id is None:
            there = ", ".join(known) or "none"
            raise click.ClickException(f"The config has no KV binding {binding}: there is {there}")
    return f"/storage/kv/namespaces/{quote(id or '', safe='')}"


@key.command("put")
@click.argument("key")
@click.argument("value", required=False)
@_namespace
@click.option("--path", type=click.File("rb"), help="A file's content.")
@click.option("--ttl", type=int, help="Seconds until it goes.")
@click.option("--expiration", type=int, help="When it goes, in seconds since 1970.")
@click.option("--metadata", help="JSON.")
@on_stores
async def put(
    stores: Stores,
    display: Display,
    key: str,
    value: str | None,
    binding: str | None,
    namespace_id: str | None,
    path: BinaryIO | None,
    ttl: int | None,
    expiration: int | None,
    metadata: str | None,
) -> None:
    """Store a value."""
    if (value is None) == (path is None):
        raise click.UsageError("Give the value, or a file of it by --path.")
    data = path.read() if path else (value or "").encode("utf-8", "surrogateescape")
    try:
        given = None if metadata is None else json.loads(metadata)
    except ValueError:
        raise click.BadParameter(f"--metadata {metadata} is not JSON") from None
    entry = {
        "key": key,
        "value": base64.b64encode(data).decode("ascii"),
        "base64": True,
        "expiration_ttl": ttl,
        "expiration": expiration,
        "metadata": given,
    }
    target = f"{_path(binding, namespace_id)}/bulk"
    await stores.call("PUT", target, json.dumps([entry]).encode())
    display.done({"key": key}, f'Wrote "{key}".')


@key.command("get")
@click.argument("key")
@_namespace
@click.option("--text", is_flag=True, hidden=True)
@on_stores
async def get(
    stores: Stores,
    display: Display,
    key: str,
    binding: str | None,
    namespace_id: str | None,
    text: bool,
) -> None:
    """Print a value."""
    del text
    base, name = _path(binding, namespace_id), quote(key, safe="")
    metadata = (await stores.call("GET", f"{base}/metadata/{name}"))["result"]
    value = await stores.bytes(f"{base}/values/{name}")
    if display.as_json:
        display.json({"value": value.decode("utf-8", "replace"), "metadata": metadata})
    else:
        click.echo(value, nl=False)


@key.command("list")
@_namespace
@click.option("--prefix", default="", help="Only keys that begin so.")
@on_stores
async def list_(
    stores: Stores, display: Display, binding: str | None, namespace_id: str | None, prefix: str
) -> None:
    """Print the keys as JSON."""
    keys: list[Any] = []
    cursor = ""
    while True:
        query = urlencode({"prefix": prefix, "cursor": cursor})
        found = await stores.call("GET", f"{_path(binding, namespace_id)}/keys?{query}")
        keys += found["result"]
        cursor = found["result_info"]["cursor"]
        if not cursor:
            display.json(keys)
            return


@key.command("delete")
@click.argument("key")
@_namespace
@on_stores
async def delete(
    stores: Stores, display: Display, key: str, binding: str | None, namespace_id: str | None
) -> None:
    """Remove a key."""
    name = quote(key, safe="")
    await stores.call("DELETE", f"{_path(binding, namespace_id)}/values/{name}")
    display.done({"key": key}, f'Deleted "{key}".')
