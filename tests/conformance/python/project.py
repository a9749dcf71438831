"""A project directory for a Worker of the vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flarelocal.config import WorkerConfig, load_config
from tests.conformance.python.cases import Case, Suite

__all__ = ["write_project"]

_NAME = "fixture"


def write_project(directory: Path, suite: Suite, case: Case) -> WorkerConfig:
    """Write the fixture Worker, or the case's own, with its files and configuration."""
    config: dict[str, Any] = {"name": _NAME, "main": "fixture.py", **suite.config}
    config["compatibility_date"] = case.compat["date"]
    config["compatibility_flags"] = case.compat["flags"]
    # The recordings were made without wrangler, which asks for longer names.
    config["r2_buckets"] = [
        {**bucket, "bucket_name": f"bucket-{bucket['bucket_name']}"}
        for bucket in suite.config.get("r2_buckets", [])
    ]
    source = suite.fixture
    if case.worker is not None:
        source = "\n".join(case.worker) + "\n"
        config.pop("services")
        config |= _objects(case.objects)
    (directory / "fixture.py").write_text(source, "utf-8")
    for name, text in suite.files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, "utf-8")
    path = directory / "wrangler.json"
    path.write_text(json.dumps(config), "utf-8")
    return load_config(path, process_env={}).config


def _objects(objects: dict[str, Any]) -> dict[str, Any]:
    names = [(binding, each["className"]) for binding, each in objects.items()]
    bindings = [{"name": binding, "class_name": name} for binding, name in names]
    classes = [name for _, name in names]
    migrations = [{"tag": "v1", "new_sqlite_classes": classes}] if classes else []
    return {"durable_objects": {"bindings": bindings}, "migrations": migrations}
