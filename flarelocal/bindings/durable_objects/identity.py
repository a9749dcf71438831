"""Ids of Durable Objects."""

from __future__ import annotations

from flarelocal.durable_objects.identity import ObjectId
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.values import Value

__all__ = ["DurableObjectId"]


class DurableObjectId(HostObject):
    """The id of an object (Cloudflare docs, "Durable Object ID")."""

    __slots__ = ("identity",)

    def __init__(self, identity: ObjectId) -> None:
        self.identity = identity

    @method
    def to_string(self) -> str:
        return self.identity.hex

    @method
    def equals(self, other: DurableObjectId) -> bool:
        return other.identity == self.identity

    @getter
    def name(self) -> str | None:
        return self.identity.name

    @getter
    def jurisdiction(self) -> str | None:
        return self.identity.jurisdiction

    def own_properties(self) -> dict[str, Value]:
        named = {} if self.identity.name is None else {"name": self.identity.name}
        return named | super().own_properties()

    def to_js_string(self) -> str:
        return self.identity.hex
