"""Bodies of messages in JSON: base64 for what is not text."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from flarelocal.queues import ContentType, Message
from flarelocal.server.rest.errors import InvalidBodyError

__all__ = ["shown", "stored"]


def stored(body: Any, kind: ContentType) -> bytes:
    """The bytes of a body that came in a request.

    `bytes` and `v8`, which Cloudflare does not take over HTTP, come in base64 as they are pulled.

    Raises:
        InvalidBodyError: it does not fit the content type.
    """
    if kind is ContentType.JSON:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")
    if not isinstance(body, str):
        raise InvalidBodyError(f'A body of the content type "{kind.value}" is a string: send one.')
    if kind is ContentType.TEXT:
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise InvalidBodyError(
            f'A body of the content type "{kind.value}" is in base64: encode it.'
        ) from None


def shown(message: Message) -> str:
    """A body as it is pulled: text as it is, all else in base64 ("Pull consumers")."""
    if message.content_type is ContentType.TEXT:
        return message.body.decode("utf-8", "replace")
    return base64.b64encode(message.body).decode("ascii")
