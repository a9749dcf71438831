"""`durable_objects`, `migrations` and `exports`: which classes there are and how each is stored.

Texts: workers-sdk, workers-utils/src/config/validation.ts; folding: wrangler/src/dev/
class-names-sqlite.ts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from flarelocal.config.checks import (
    FIELD,
    is_list,
    is_object,
    kind_of,
    list_of,
    number,
    one_of,
    optional,
    required,
    section,
    string,
    unexpected,
)
from flarelocal.config.entries import remote
from flarelocal.config.exports import declare, live_classes
from flarelocal.config.lineage import Lineage, Origin
from flarelocal.config.report import Node

__all__ = [
    "DurableObjectBinding",
    "DurableObjects",
    "check_bindings",
    "check_lifecycle",
    "check_migrations",
    "fold",
    "read_durable_objects",
]


class DurableObjectBinding(NamedTuple):
    """A namespace in `env`; `script_name` is None when the class is the Worker's own."""

    name: str
    class_name: str
    script_name: str | None = None


class DurableObjects(NamedTuple):
    """The bindings of a Worker, and the classes it has once its migrations are applied.

    `classes` has every class of the Worker that is declared or bound, True for those stored in
    SQLite, and `origins` tells whose objects they have. `deleted` are classes that are gone with
    their objects.
    `containers` are classes whose objects have a container each.
    """

    bindings: tuple[DurableObjectBinding, ...] = ()
    classes: Mapping[str, bool] = MappingProxyType({})
    origins: Mapping[str, Origin] = MappingProxyType({})
    deleted: Mapping[str, Origin] = MappingProxyType({})
    containers: frozenset[str] = frozenset()


_LONGEST_DELAY_S = 86_400


def _max_delay(node: Node) -> None:
    number(node)
    if kind_of(node.value) != "number":
        return
    if not 0 <= node.value <= _LONGEST_DELAY_S:
        message = f'Expected "{node.label}" to be between 0 and {_LONGEST_DELAY_S} seconds but got '
        node.error(f"{message}{node.quoted}.", "write such a number")
    elif abs(node.value * 1000 - round(node.value * 1000)) > 1e-6 or (
        node.value and not round(node.value * 1000)
    ):
        message = f'Expected "{node.label}" to use millisecond precision but got {node.quoted}.'
        node.error(message, "round it")


_strategy = section(
    {"mode": one_of("immediate", "deferred"), "max_delay": _max_delay},
    "mode",
    wording=FIELD,
)
_names = list_of("string")


def check_bindings(node: Node) -> None:
    """Check `durable_objects`."""
    if not is_object(node, fix='write {"bindings": […]}'):
        return
    unexpected(node, ("bindings", "code_update_strategy"))
    optional(node, "code_update_strategy", _strategy)
    if "bindings" in node and is_list(node["bindings"]):
        for entry in node["bindings"].elements():
            _binding(entry)


def _binding(entry: Node) -> None:
    if not isinstance(entry.value, dict):
        message = f'Expected "{entry.label}" to be an object but got {entry.quoted}'
        entry.error(message, 'use {"name": "…", "class_name": "…"}')
        return
    for key in ("name", "class_name"):
        if kind_of(entry.value.get(key)) != "string":
            entry.error(f'binding should have a string "{key}" field.', "add it", key)
    for key in ("script_name", "environment"):
        if key in entry and kind_of(entry.value[key]) != "string":
            message = f'the field "{key}", when present, should be a string.'
            entry.error(message, "write it as text", key)
    if "environment" in entry and "script_name" not in entry:
        message = 'binding should have a "script_name" field if "environment" is present.'
        entry.error(message, "add it", "environment")
    remote(entry)
    unexpected(entry, ("class_name", "environment", "name", "script_name"))


def check_migrations(node: Node) -> None:
    """Check `migrations`, each on its own; `fold` finds those that do not fit together."""
    if not isinstance(node.value, list):
        message = f'The optional "{node.label}" field should be an array, but got {node.quoted}'
        node.error(message, 'write a list, [{"tag": "v1", …}]')
        return
    for migration in node.elements():
        if not isinstance(migration.value, dict):
            message = f'"{migration.label}.tag" is a required field.'
            migration.error(message, 'use {"tag": "v1", …}')
            continue
        unexpected(migration, _MIGRATION, "migrations")
        required(migration, "tag", string)
        for key in ("new_classes", "new_sqlite_classes", "deleted_classes"):
            optional(migration, key, _names)
        _moves(migration, "renamed_classes", "from", "to")
        _moves(migration, "transferred_classes", "from", "from_script", "to")


_MIGRATION = (
    "tag",
    "new_classes",
    "new_sqlite_classes",
    "renamed_classes",
    "deleted_classes",
    "transferred_classes",
)


def _moves(migration: Node, key: str, *fields: str) -> None:
    if key not in migration:
        return
    moves = migration.value[key]
    if not isinstance(moves, list) or any(
        not isinstance(move, dict) or any(kind_of(move.get(name)) != "string" for name in fields)
        for move in moves
    ):
        shape = ", ".join(f"{name}: string" for name in fields)
        message = (
            f'Expected "{migration.label}.{key}" to be an array of "{{{shape}}}" objects '
            f"but got {migration[key].quoted}."
        )
        migration.error(message, "give every one of them", key)


def check_lifecycle(bindings: Node, migrations: Node, exports: Node, format_: str) -> None:
    """Check that classes have one lifecycle, declared in one way.

    Args:
        format_: the name of the file in messages, such as "wrangler.jsonc".
    """
    if migrations.value and any(
        entry.get("type") == "durable-object" for entry in exports.value.values()
    ):
        message = (
            "`migrations` and `exports` are mutually exclusive. Choose one or the other to declare "
            "your Durable Object lifecycle, but not both."
        )
        exports.error(message, "remove one of them")
    live = live_classes(exports.value)
    missing = [
        entry["class_name"]
        for entry in bindings.value.get("bindings", [])
        if not entry.get("script_name") and entry["class_name"] not in live
    ]
    if missing and not migrations.value:
        bindings.warning(_without_lifecycle(missing, format_))


def _without_lifecycle(names: list[str], format_: str) -> str:
    if format_ == "wrangler.toml":
        snippet = "\n\n".join(
            f'[exports.{name}]\ntype = "durable-object"\nstorage = "sqlite"' for name in names
        )
    else:
        entries = ",\n".join(
            f'    "{name}": {{\n      "type": "durable-object",\n      "storage": "sqlite"\n    }}'
            for name in names
        )
        snippet = f'{{\n  "exports": {{\n{entries}\n  }}\n}}'
    return (
        f"In your {format_} file, you have configured `durable_objects` exported by this Worker "
        f"({', '.join(names)}), but no live `exports` entry for them. This may not work as "
        "expected until you add a live `durable-object` entry to `exports` for each. "
        f"Add the following configuration:\n\n```\n{snippet}\n```"
    )


def fold(migrations: Node, exports: Mapping[str, Any]) -> DurableObjects:
    """Apply the migrations in order, as wrangler does: deleted, renamed, new, new in SQLite.

    Transferred classes, which wrangler leaves out locally, come after the renamed ones.

    Classes that do not exist, or do already, are reported as errors.
    """
    classes: dict[str, bool] = {}
    lineage = Lineage()
    for index, migration in enumerate(migrations.value):
        steps = migrations[index]
        for position, name in enumerate(migration.get("deleted_classes", [])):
            if classes.pop(name, None) is None:
                _misfit(steps, "deleted_classes", "non-existent", name, position)
            lineage.delete(name)
        for position, move in enumerate(migration.get("renamed_classes", [])):
            old, new = move["from"], move["to"]
            if old not in classes:
                _misfit(steps, "renamed_classes", "non-existent", old, position)
            classes[new] = classes.pop(old, False)
            lineage.rename(old, new)
        for move in migration.get("transferred_classes", []):
            # How the other Worker stores them is not known here; new classes use SQLite.
            classes[move["to"]] = True
            lineage.transfer(move["from_script"], move["from"], move["to"])
        for key, sqlite in (("new_classes", False), ("new_sqlite_classes", True)):
            for position, name in enumerate(migration.get(key, [])):
                if name in classes:
                    _misfit(steps, key, "existing", name, position)
                classes[name] = sqlite
                lineage.create(name)
    declare(exports, lineage)
    return DurableObjects((), classes | live_classes(exports), lineage.origins, lineage.deleted)


def _misfit(steps: Node, key: str, state: str, name: str, position: int) -> None:
    fix = "create it in a migration before" if state == "non-existent" else "create it once"
    steps.error(f"Cannot apply {key} migration to {state} class {name}", fix, key, position)


def read_durable_objects(
    raw: Mapping[str, Any], folded: DurableObjects, worker: str
) -> DurableObjects:
    """Add the checked bindings; a class that is only bound is stored without SQLite."""
    bindings = []
    classes = dict(folded.classes)
    for entry in raw.get("bindings", []):
        script = entry.get("script_name")
        if script is not None and "environment" in entry:
            script = f"{script}-{entry['environment']}"
        own = script is None or script == worker
        bindings.append(
            DurableObjectBinding(entry["name"], entry["class_name"], None if own else script)
        )
        if own:
            classes.setdefault(entry["class_name"], False)
    origins = {name: folded.origins.get(name, Origin(name)) for name in classes}
    return folded._replace(
        bindings=tuple(bindings),
        classes=MappingProxyType(classes),
        origins=MappingProxyType(origins),
    )
