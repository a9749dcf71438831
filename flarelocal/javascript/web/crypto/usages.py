"""What keys may be used for."""

from __future__ import annotations

from collections.abc import Iterable

from flarelocal.javascript.errors import dom_exception

__all__ = ["DERIVING", "OF_PRIVATE_KEYS", "OF_PUBLIC_KEYS", "checked_usages"]

_ORDER = (
    "encrypt",
    "decrypt",
    "sign",
    "verify",
    "deriveKey",
    "deriveBits",
    "wrapKey",
    "unwrapKey",
)

DERIVING = frozenset({"deriveKey", "deriveBits"})
OF_PUBLIC_KEYS = frozenset({"encrypt", "verify", "wrapKey"})
OF_PRIVATE_KEYS = frozenset(_ORDER) - OF_PUBLIC_KEYS


def checked_usages(
    given: Iterable[str], allowed: frozenset[str], name: str, action: str
) -> list[str]:
    """The usages that a program names, each once and in the order of the specification.

    Args:
        name: of the algorithm.
        action: `generate`, or `import` and the type of the key.

    Raises:
        JsError: SyntaxError for one that is not allowed.
    """
    usages = set()
    for usage in given:
        if usage not in allowed:
            raise dom_exception(
                f'Attempt to {action} {name} key with invalid usage "{usage}".', "SyntaxError"
            )
        usages.add(usage)
    return [usage for usage in _ORDER if usage in usages]
