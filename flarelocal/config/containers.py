"""The checks of `containers`, which flarelocal does not start.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

from flarelocal.config.checks import (
    FIXES,
    Check,
    kind_of,
    list_of,
    mapping,
    number,
    of_kind,
    one_of,
    optional,
    string,
    unexpected,
)
from flarelocal.config.report import Node, as_text

__all__ = ["containers", "previewed_containers"]

_SIZES = ("vcpu", "memory_mib", "disk_mb")
_CONFIGURATION = ("image", "secrets", "labels", "disk", "vcpu", "memory_mib")
_REGIONS = ("ENAM", "WNAM", "EEUR", "WEUR", "APAC", "SAM", "ME", "OC", "AFR")
_PERCENTAGES = (5, 10, 20, 25, 50, 100)
_RENAMED = {
    "instances": 'Use "containers.max_instances" instead.',
    "durable_objects": 'Use the "class_name" field instead.',
    "wrangler_ssh": 'Use "containers.ssh" instead.',
}
_SIZE_NAMES = {"dev": "lite", "standard": "standard-1"}
_KINDS: dict[str, Check] = {
    "class_name": string,
    "name": string,
    "image_build_context": string,
    "rollout_kind": one_of("full_auto", "full_manual", "none"),
    "max_instances": number,
    "image_vars": of_kind("object"),
    "scheduling_policy": one_of("regional", "moon", "default"),
}
_FURTHER = (
    *("image", "instance_type", "ssh", "authorized_keys", "trusted_user_ca_keys", "configuration"),
    *("constraints", "affinities", "rollout_step_percentage", "rollout_active_grace_period"),
    *("unsafe", *_RENAMED),
)


def containers(node: Node) -> None:
    """The containers of Durable Objects."""
    for container in _objects(node):
        _named(container)
        _container(container)


def previewed_containers(node: Node) -> None:
    """The containers of previews, which are named by what they belong to."""
    seen: set[str] = set()
    for index, container in enumerate(_objects(node)):
        if "name" in container:
            message = (
                f'"{node.label}[{index}].name" cannot be set. A preview container\'s application '
                "name is generated from the worker name, preview slug, and Durable Object class "
                "name, so that separate previews of the same Worker do not collide."
            )
            fix = 'remove it and identify the container with "class_name"'
            container.error(message, fix, "name")
        name = container.value.get("class_name")
        if isinstance(name, str) and name in seen:
            message = (
                f'"{node.label}" declares more than one container for the Durable Object class '
                f'"{name}"; each Durable Object class may appear at most once.'
            )
            container.error(message, "remove one of them", "class_name")
        elif isinstance(name, str):
            seen.add(name)
        _container(container)


def _objects(node: Node) -> list[Node]:
    if node.value is None:
        return []
    if not isinstance(node.value, list):
        message = f'"containers" field should be an array, but got {node.quoted}'
        node.error(message, "write a list of objects, [{…}]")
        return []
    found = []
    for index, value in enumerate(node.value):
        if isinstance(value, dict):
            # wrangler does not say which one it means.
            found.append(Node(value, (*node.keys, index), node.label, node.report))
        else:
            message = f'"{node.label}[{index}]" should be an object but got {node[index].quoted}.'
            node.error(message, FIXES["object"], index)
    return found


def _named(node: Node) -> None:
    if node.value.get("name"):
        return
    if "class_name" not in node:
        message = (
            '"containers.name" is required when "containers.class_name" is not defined, because '
            "there is no class name to derive a default name from."
        )
        fix = "name the container and reference it from `exports`, or add a class_name"
        node.error(message, fix)
    elif not node.report.document.root.get("name"):
        message = (
            'Must have either a top level "name" and "containers.class_name" field defined, or '
            'have field "containers.name" defined.'
        )
        node.error(message, 'add "name"')


def _container(node: Node) -> None:
    for key, check in _KINDS.items():
        optional(node, key, check)
    optional(node, "configuration", _configuration)
    configuration = node.value.get("configuration")
    old = configuration if isinstance(configuration, dict) else {}
    if not old.get("image") and not node.value.get("image"):
        message = (
            '"containers.image" field must be defined for each container app. This should be the '
            "path to your Dockerfile or an image URI pointing to the Cloudflare registry."
        )
        node.error(message, 'add "image"')
    if node.value.get("instance_type") and old.keys() & {"disk", "vcpu", "memory_mib"}:
        message = (
            'Cannot set custom limits via "containers.configuration" and use preset '
            '"instance_type" limits at the same time.'
        )
        node.error(message, "remove one of them", "configuration")
    for key, instead in _RENAMED.items():
        if key in node:
            node.warning(f'"containers.{key}" is deprecated. {instead}', "", key)
    for key in ("rollout_active_grace_period", "max_instances"):
        _positive(node, key)
    optional(node, "rollout_step_percentage", _rollout)
    _enough_instances(node)
    optional(node, "instance_type", _instance_type)
    optional(node, "constraints", _constraints)
    for key in ("ssh", "wrangler_ssh"):
        optional(node, key, _ssh)
    optional(node, "authorized_keys", lambda keys: _public_keys(keys, named=True))
    optional(node, "trusted_user_ca_keys", lambda keys: _public_keys(keys, named=False))
    unsafe = node.value.get("unsafe")
    if unsafe is not None and not isinstance(unsafe, dict):
        message = f'The field "containers.unsafe" should be an object but got "{kind_of(unsafe)}".'
        node.error(message, FIXES["object"], "unsafe")
    unexpected(node, (*_KINDS, *_FURTHER))


def _configuration(node: Node) -> None:
    node.warning(
        '"containers.configuration" is deprecated. Use top level "containers" fields instead. '
        '"configuration.image" should be "image", limits should be set via "instance_type".'
    )
    if isinstance(node.value, dict):
        unexpected(node, _CONFIGURATION)
    else:
        node.error('"containers.configuration" should be an object', FIXES["object"])


def _positive(node: Node, key: str) -> None:
    value = node.value.get(key, 0)
    wrong = kind_of(value) != "number"
    # That max_instances is a number is checked already.
    if (wrong and key != "max_instances") or (not wrong and value < 0):
        shown = f", but got {value}" if key == "max_instances" else f' but got "{as_text(value)}"'
        message = f'"containers.{key}" field should be a positive number{shown}'
        node.error(message, "write a number from 0 on", key)


def _rollout(node: Node) -> None:
    name = '"containers.rollout_step_percentage"'
    steps = node.value
    if kind_of(steps) == "number":
        if steps not in _PERCENTAGES:
            message = f"{name} must be one of [5, 10, 20, 25, 50, 100], but got {as_text(steps)}"
            node.error(message, "choose one of these")
        return
    if not isinstance(steps, list):
        message = f'{name} must be a number or array of numbers, but got "{as_text(steps)}"'
        node.error(message, FIXES["number"])
        return
    strange = [as_text(step) for step in steps if kind_of(step) != "number"]
    numbers = [step for step in steps if kind_of(step) == "number"]
    if strange:
        message = f'{name} array elements must be numbers, but got "{", ".join(strange)}"'
        node.error(message, FIXES["number"])
    if numbers != sorted(numbers):
        shown = ",".join(map(as_text, steps))
        message = f'{name} array elements must be in ascending order, but got "{shown}"'
        node.error(message, "sort them")
    beyond = [as_text(step) for step in numbers if not 10 <= step <= 100]
    if beyond:
        message = f'{name} array elements must be between 10 and 100, but got "{", ".join(beyond)}"'
        node.error(message, "choose others")
    if steps and kind_of(steps[-1]) == "number" and steps[-1] != 100:
        message = f'The final step in {name} must be 100, but got "{as_text(steps[-1])}"'
        node.error(message, "add 100")


def _enough_instances(node: Node) -> None:
    steps, most = node.value.get("rollout_step_percentage"), node.value.get("max_instances")
    if isinstance(steps, list) and kind_of(most) == "number" and len(steps) > most:
        message = (
            f'"containers.rollout_step_percentage" cannot have more steps ({len(steps)}) than '
            f'"max_instances" ({as_text(most)})'
        )
        node.error(message, "remove steps, or allow more instances", "rollout_step_percentage")


def _instance_type(node: Node) -> None:
    if not isinstance(node.value, str):
        mapping(node)
        if isinstance(node.value, dict):
            for key in _SIZES:
                if kind_of(node.value.get(key, 0)) != "number":
                    message = f'"containers.instance_type.{key}", when present, should be a number.'
                    node.error(message, FIXES["number"], key)
            unexpected(node, _SIZES)
        return
    one_of("lite", "basic", *(f"standard-{n}" for n in range(1, 5)), *_SIZE_NAMES)(node)
    if instead := _SIZE_NAMES.get(node.value):
        node.warning(
            f'The "{node.value}" instance_type has been renamed to "{instead}" and will be removed '
            f'in a subsequent version. Please update your configuration to use "{instead}" instead.'
        )


def _constraints(node: Node) -> None:
    mapping(node)
    if not isinstance(node.value, dict):
        return
    if "tier" in node:
        message = (
            '"constraints.tier" has been deprecated in favor of "constraints.tiers". Please update '
            'your configuration to use "constraints.tiers" instead.'
        )
        node.warning(message, "", "tier")
        if "tiers" in node:
            message = f"{node.label}.tier and {node.label}.tiers cannot both be set"
            node.error(message, "remove the first", "tier")
    optional(node, "tiers", list_of("number"))
    optional(node, "jurisdiction", string)
    jurisdiction = node.value.get("jurisdiction")
    if jurisdiction and jurisdiction not in ("eu", "fedramp"):
        message = f'{node.label}.jurisdiction must be one of: "eu", "fedramp"'
        node.error(message, "choose one of these", "jurisdiction")
    optional(node, "regions", list_of("string"))
    regions = node.value.get("regions")
    for index, region in enumerate(regions if isinstance(regions, list) else ()):
        if kind_of(region) == "string" and region.upper() not in _REGIONS:
            message = (
                f'{node.label}.regions contains invalid region "{region}". '
                f"Valid regions are: {', '.join(_REGIONS)}"
            )
            node.error(message, "choose one of these", "regions", index)


def _ssh(node: Node) -> None:
    settings = node.value if isinstance(node.value, dict) else {}
    if not isinstance(settings.get("enabled"), bool):
        node.error(f"{node.label}.enabled must be a boolean", FIXES["boolean"])
    port = settings.get("port", 1)
    if kind_of(port) != "number" or not 1 <= port <= 65535:
        message = f"{node.label}.port must be a number between 1 and 65535 inclusive"
        node.error(message, FIXES["number"], "port")


def _public_keys(node: Node, *, named: bool) -> None:
    if not isinstance(node.value, list):
        node.error(f"{node.label} must be an array", "write a list of objects, [{…}]")
        return
    for key in node.elements():
        if not isinstance(key.value, dict):
            key.error(f"{key.label} must be an object", FIXES["object"])
            continue
        if kind_of(key.value.get("name", None if named else "")) != "string":
            key.error(f"{key.label}.name must be a string", FIXES["string"])
        public = key.value.get("public_key")
        if not isinstance(public, str):
            key.error(f"{key.label}.public_key must be a string", FIXES["string"])
        elif not public.lower().startswith("ssh-ed25519"):
            message = f"{key.label}.public_key is an unsupported key type."
            key.error(message, "provide an ED25519 public key", "public_key")
