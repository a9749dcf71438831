"""Objects that only hold functions and constants, such as Math."""

from __future__ import annotations

from flarelocal.javascript.attributes import Property
from flarelocal.javascript.function import BoundMethod
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["Namespace"]


class Namespace(HostObject, js_name="Object"):
    """Base of them: what the class shows are the object's own properties."""

    __slots__ = ()

    def own_names(self) -> list[str]:
        return [*self.members, *self.own_properties()]

    def own_property(self, name: str) -> Property | None:
        member = self.members.get(name)
        if member is None or name in self.own_properties():
            return super().own_property(name)
        if member.kind == "getter":
            return Property(member.function(self), False, False, False)
        return Property(BoundMethod(member, self), enumerable=False)

    def put_own(self, name: str, value: Value, enumerable: bool = True) -> bool:
        return super().put_own(name, value, enumerable or name in self.members)
