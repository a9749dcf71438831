"""Messages on the command line."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable

import click

__all__ = ["CONTENT_TYPE", "read_messages"]

_KINDS = ["json", "text", "bytes"]

CONTENT_TYPE = click.option(
    "-t", "--content-type", type=click.Choice(_KINDS), default="json", show_default=True
)


def read_messages(bodies: Iterable[str], content_type: str) -> list[dict[str, object]]:
    """Messages as the REST API takes them; a body of - stands for each line of standard input.

    Raises:
        click.ClickException: a body is to be JSON, and is not.
    """
    return [
        {"body": _body(text, content_type), "content_type": content_type}
        for text in _expanded(bodies)
    ]


def _expanded(bodies: Iterable[str]) -> Iterable[str]:
    for body in bodies:
        if body == "-":
            yield from (line.rstrip("\n") for line in sys.stdin)
        else:
            yield body


def _body(text: str, content_type: str) -> object:
    if content_type == "bytes":
        return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
    if content_type == "text":
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise click.ClickException(
            f"{text!r} is not JSON: put text into double quotes, or use --content-type text"
        ) from None
