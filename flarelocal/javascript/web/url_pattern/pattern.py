"""URLPattern."""

from __future__ import annotations

from typing import Annotated

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method
from flarelocal.javascript.signature import (
    NO_OPTIONS,
    Options,
    properties_of,
    to_boolean,
    usv_string,
)
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.url_pattern.canonical import (
    canonical_hash,
    canonical_hostname,
    canonical_ipv6,
    canonical_opaque_path,
    canonical_password,
    canonical_pathname,
    canonical_port,
    canonical_protocol,
    canonical_search,
    canonical_username,
)
from flarelocal.javascript.web.url_pattern.component import (
    SPECIAL_SCHEMES,
    Component,
    compile_component,
)
from flarelocal.javascript.web.url_pattern.constructor_string import divide
from flarelocal.javascript.web.url_pattern.init import COMPONENTS, components_of_input, processed
from flarelocal.javascript.web.url_pattern.parts import HOSTNAME, PATHNAME, PLAIN
from flarelocal.javascript.web.url_pattern.tokens import PatternError

__all__ = ["URLPattern"]


def _component(name: str) -> Getter:
    def read(self: URLPattern) -> str:
        return self._components[name].text

    return Getter(read)


class URLPattern(HostObject, constructible=True):
    """Patterns for the components of a URL (workerd, api/urlpattern-standard.c++)."""

    __slots__ = ("_components",)

    def __init__(
        self,
        input: Value = None,
        base: Value = None,
        options: Annotated[Options, "URLPatternOptions"] = NO_OPTIONS,
    ) -> None:
        base_url = None
        if base is not None and properties_of(base) is not None:
            base, options = None, properties_of(base) or NO_OPTIONS
        if base is not None:
            base_url = usv_string(base)
        ignore_case = to_boolean(options.get("ignoreCase"))
        try:
            self._components = _compiled(_init(input, base_url), ignore_case=ignore_case)
        except PatternError:
            raise type_error("Failed to construct URLPattern") from None

    protocol = _component("protocol")
    username = _component("username")
    password = _component("password")
    hostname = _component("hostname")
    port = _component("port")
    pathname = _component("pathname")
    search = _component("search")
    hash = _component("hash")

    @getter
    def has_reg_exp_groups(self) -> bool:
        return any(component.has_regexp_groups for component in self._components.values())

    @method
    def test(self, input: Value = None, base: Value = None) -> bool:
        return self._match(input, base, "test") is not null

    @method
    def exec(self, input: Value = None, base: Value = None) -> Value:
        return self._match(input, base, "exec")

    def _match(self, input: Value, base: Value, verb: str) -> Value:
        base_url = None if base is None else usv_string(base)
        properties = _properties(input)
        if properties is None:
            inputs: list[Value] = [usv_string(input), *([] if base_url is None else [base_url])]
        elif base_url is not None:
            raise type_error(f"Failed to {verb} URLPattern")
        else:
            inputs = [properties]
        try:
            if properties is None:
                given = components_of_input(inputs[0], base_url)
            else:
                given = processed(properties, pattern=False)
        except PatternError:
            return null
        found = {name: self._components[name].match(given[name]) for name in COMPONENTS}
        return null if None in found.values() else {"inputs": inputs, **found}


def _properties(value: Value) -> dict[str, str] | None:
    """The components that an object has; None for a value that is a text."""
    properties = properties_of(value)
    if properties is None:
        return None
    return {
        name: usv_string(properties[name])
        for name in (*COMPONENTS, "baseURL")
        if properties.get(name) is not None
    }


def _init(input: Value, base_url: str | None) -> dict[str, str]:
    """The components of a pattern."""
    properties = _properties(input)
    if properties is not None:
        if base_url is not None:
            raise PatternError("components and a base URL")
        return properties
    divided = divide(usv_string(input))
    if base_url is not None:
        return divided | {"baseURL": base_url}
    if "protocol" not in divided:
        raise PatternError("a relative pattern without a base URL")
    return divided


def _compiled(init: dict[str, str], *, ignore_case: bool) -> dict[str, Component]:
    texts = dict.fromkeys(COMPONENTS, "*") | processed(init, pattern=True)
    if texts["port"] and texts["port"] == SPECIAL_SCHEMES.get(texts["protocol"]):
        texts["port"] = ""
    protocol = compile_component(texts["protocol"], canonical_protocol, PLAIN)
    special = protocol.is_special
    if texts["hostname"].startswith(("[", "{[", "\\[")):
        canonical_host = canonical_ipv6
    else:
        canonical_host = canonical_hostname
    canonical_path = canonical_pathname if special else canonical_opaque_path
    return {
        "protocol": protocol,
        "username": compile_component(texts["username"], canonical_username, PLAIN),
        "password": compile_component(texts["password"], canonical_password, PLAIN),
        "hostname": compile_component(texts["hostname"], canonical_host, HOSTNAME),
        "port": compile_component(texts["port"], canonical_port, PLAIN),
        "pathname": compile_component(
            texts["pathname"],
            canonical_path,
            PATHNAME if special else PLAIN,
            ignore_case=ignore_case,
        ),
        "search": compile_component(
            texts["search"], canonical_search, PLAIN, ignore_case=ignore_case
        ),
        "hash": compile_component(texts["hash"], canonical_hash, PLAIN, ignore_case=ignore_case),
    }
