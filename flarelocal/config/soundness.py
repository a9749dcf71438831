"""The checks that need the whole of an environment, and what it refers to.

Texts: workers-sdk, workers-utils/src/config/validation.ts, wrangler/src/{assets,dev}.ts and
wrangler/src/deployment-bundle; workerd, src/workerd/io/compatibility-date.c++.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from flarelocal.config.compatibility import DEFAULT_COMPATIBILITY_DATE, Compatibility
from flarelocal.config.environments import Environment
from flarelocal.config.keys import DEPLOYED, EMULATED, PRODUCTS
from flarelocal.config.names import binding_names, unsupported_bindings
from flarelocal.config.queues import check_single_consumers
from flarelocal.config.report import listed, quote
from flarelocal.config.tree import Keys

__all__ = ["HYPERDRIVE_VARIABLE", "check_soundness"]

HYPERDRIVE_VARIABLE = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_"


def check_soundness(
    environment: Environment,
    directory: Path,
    compatibility: Compatibility,
    stand_ins: Collection[str],
    process_env: Mapping[str, str],
) -> None:
    """Report what does not fit together, does not exist, or does nothing locally.

    Args:
        directory: what paths in the file are relative to.
        stand_ins: the bindings that something of the user's stands in for.
    """
    _check_entry(environment, directory)
    _check_assets(environment, directory)
    _check_names(environment)
    _check_compatibility(environment, compatibility)
    _check_hyperdrive(environment, process_env)
    queues = environment.node("queues", {})
    if "consumers" in queues:
        check_single_consumers(queues["consumers"], environment.values.get("name", "worker"))
    _warn_unsupported(environment, stand_ins)
    _warn_remote(environment)
    _warn_deployed(environment)


def _check_entry(environment: Environment, directory: Path) -> None:
    report, values = environment.report, environment.values
    if "main" in report.document.root and "main" not in values:
        return
    if "main" not in values:
        if "assets" not in values:
            message = "Missing entry-point to Worker script or to assets directory"
            report.error((), message, f"add {report.member('main', 'src/entry.py')}")
        return
    main, keys = values["main"], environment.keys("main")
    path = directory / main
    if path.is_dir():
        message = f'The provided entry-point path, "{main}", points to a directory, rather than'
        report.error(keys, f"{message} a file.", "name the module in it")
    elif not path.is_file():
        message = f'The entry-point file at "{main}" was not found.'
        report.error(keys, message, 'create it, or correct "main"')
    elif not os.access(path, os.R_OK):
        message = f'The entry-point file at "{main}" cannot be read.'
        report.error(keys, message, "check its permissions")
    elif path.suffix != ".py":
        message = f'"main" is "{main}", but flarelocal runs Workers written in Python'
        report.error(keys, message, "name a .py file")
    elif "python_workers" not in values.get("compatibility_flags", ()):
        message = "The `python_workers` compatibility flag is required to use Python."
        place = "compatibility_flags" if "compatibility_flags" in values else "main"
        fix = report.member("compatibility_flags", ["python_workers"])
        report.error(environment.keys(place), message, f"add {fix}")
    root = directory / values["base_dir"] if "base_dir" in values else path.parent
    if root.resolve() != directory.resolve() and (root / "python_modules").is_dir():
        message = "The 'python_modules' directory cannot exist in your module root."
        report.error(keys, message, f"move {root / 'python_modules'} beside the configuration")


def _check_assets(environment: Environment, directory: Path) -> None:
    if "assets" not in environment.values:
        return
    node = environment.node("assets")
    if not node.value.get("directory"):
        message = (
            "The `assets` property in your configuration is missing the required `directory` "
            "property."
        )
        node.error(message, 'add "directory": "./public"')
    elif not (directory / node.value["directory"]).is_dir():
        path = directory / node.value["directory"]
        fault = "doesn't point to a directory" if path.exists() else "does not exist"
        start = "The path" if path.exists() else "The directory"
        message = (
            f'{start} specified by the "assets.directory" field in your configuration file '
            f"{fault}:\n{path}"
        )
        node.error(message, "create it, or correct the path", "directory")
    if "binding" in node and "main" not in environment.values:
        message = "Cannot use assets with a binding in an assets-only Worker."
        node.error(message, 'remove the binding, or add "main"', "binding")
    if "site" in environment.values:
        message = "Cannot use assets and Workers Sites in the same Worker."
        node.error(message, 'remove either "site" or "assets"')


def _check_names(environment: Environment) -> None:
    uses: dict[str, list[tuple[str, Keys]]] = {}
    for key, product in PRODUCTS.items():
        for name, keys in binding_names(key, environment.given(key)):
            uses.setdefault(name, []).append((product, (*environment.keys(key), *keys)))
    fix = (
        "Bindings must have unique names, so that they can all be referenced in the worker. "
        "Please change your bindings to have unique names."
    )
    for name, places in uses.items():
        products = list(dict.fromkeys(product for product, _ in places))
        places.sort(key=lambda place: environment.report.document.where(place[1]))
        if len(products) > 1:
            message = f"{name} assigned to {listed(products)} bindings."
            environment.report.error(places[1][1], message, fix)
        for product in products:
            same = [keys for kind, keys in places if kind == product]
            if len(same) > 1:
                message = f"{name} assigned to multiple {product} bindings."
                environment.report.error(same[1], message, fix)


def _check_compatibility(environment: Environment, compatibility: Compatibility) -> None:
    report = environment.report
    keys = environment.keys("compatibility_flags")
    if "compatibility_date" not in report.document.root | dict(environment.own):
        day = DEFAULT_COMPATIBILITY_DATE.isoformat()
        message = (
            f"No compatibility_date was specified. Using the default compatibility date: {day}."
        )
        report.warning((), message, f"add {report.member('compatibility_date', day)}")
    for on, off in compatibility.contradictions():
        message = f"Compatibility flags are mutually contradictory: {on} vs {off}"
        report.error(keys, message, "remove one of them")
    for flag in compatibility.unknown():
        report.warning(keys, f"No such compatibility flag: {flag}", "check its spelling")
    for flag in compatibility.experimental():
        message = (
            f"The compatibility flag {flag} is experimental and cannot yet be used in Workers "
            "deployed to Cloudflare."
        )
        report.warning(keys, message, "remove it before you deploy")


def _check_hyperdrive(environment: Environment, process_env: Mapping[str, str]) -> None:
    for index, entry in enumerate(environment.values.get("hyperdrive", [])):
        binding = entry["binding"]
        if not entry.get("localConnectionString") and not process_env.get(
            HYPERDRIVE_VARIABLE + binding
        ):
            message = (
                "When developing locally, you should use a local Postgres connection string to "
                "emulate Hyperdrive functionality. Please setup Postgres locally and set the value "
                f"of the '{HYPERDRIVE_VARIABLE}{binding}' variable or \"{binding}\"'s "
                '"localConnectionString" to the Postgres connection string.'
            )
            environment.report.error((*environment.keys("hyperdrive"), index), message)


def _warn_unsupported(environment: Environment, stand_ins: Collection[str]) -> None:
    found = unsupported_bindings(environment.values)
    lacking = [each for each in found if each[0] not in stand_ins]
    if lacking:
        _, _, (key, *keys) = lacking[0]
        named = ", ".join(f"{name} ({product})" for name, product, _ in lacking)
        fix = (
            "using one of these raises an error that names it; "
            "[tool.flarelocal.bindings] in pyproject.toml plugs in stand-ins of your own"
        )
        where = (*environment.keys(str(key)), *keys)
        environment.report.warning(where, f"flarelocal does not emulate {named}", fix)


def _warn_remote(environment: Environment) -> None:
    for key in PRODUCTS.keys() & environment.values.keys() & EMULATED:
        value = environment.values[key]
        entries = value if isinstance(value, list) else []
        prefix: Keys = environment.keys(key)
        if key == "queues":
            entries, prefix = value.get("producers", []), (*prefix, "producers")
        for index, entry in enumerate(entries):
            if entry.get("remote") is True:
                name = entry.get("binding", entry.get("name"))
                message = f"{name} is a remote binding, which flarelocal does not connect"
                fix = "the local one is used in its place"
                environment.report.warning((*prefix, index, "remote"), message, fix)


def _warn_deployed(environment: Environment) -> None:
    set_ = [key for key in environment.values if key in DEPLOYED and environment.values[key]]
    if environment.values.get("placement", {}).get("mode") == "off":
        set_.remove("placement")
    if set_:
        message = f"flarelocal does not simulate {', '.join(map(quote, set_))}"
        fix = "they take effect when the Worker is deployed"
        environment.report.warning(environment.keys(set_[0]), message, fix)
