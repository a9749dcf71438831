"""How the WebSockets of a Worker behave, by its compatibility date."""

from __future__ import annotations

from functools import cache

from flarelocal.config.compatibility import Compatibility
from flarelocal.javascript.web.socket_host import SocketRules

__all__ = ["socket_rules"]


@cache
def socket_rules(compatibility: Compatibility) -> SocketRules:
    """The rules that a configuration asks for."""
    return SocketRules(
        auto_reply=compatibility.enabled("web_socket_auto_reply_to_close"),
        blobs=compatibility.enabled("websocket_standard_binary_type"),
        short_reasons=compatibility.enabled("websocket_close_reason_byte_limit"),
        compression=compatibility.enabled("web_socket_compression"),
        pedantic=compatibility.enabled("pedantic_wpt"),
        largest=(128 if compatibility.enabled("increase_websocket_message_size") else 32) << 20,
    )
