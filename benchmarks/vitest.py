"""The tests of `testing.py` for Cloudflare's Vitest integration, where npm has installed it."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["write_vitest"]

WORKERS = Path(__file__).parent / "test_workers"

BEGINNING = """
import { createExecutionContext, createMessageBatch, getQueueResult, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import worker from "./src/entry.mjs";

afterEach(reset);
"""

TEST = """
test("NUMBER", async () => {
  await env.KV.put("key", "value");
  expect(await env.COUNTER.getByName("x").add()).toBe(1);
  const batch = createMessageBatch("jobs", [
    { id: "1", timestamp: new Date(), attempts: 1, body: "hello" },
  ]);
  const context = createExecutionContext();
  await worker.queue(batch, env, context);
  expect((await getQueueResult(batch, context)).outcome).toBe("ok");
  expect(await env.KV.get("seen")).toBe("hello");
});
"""


def write_vitest(project: Path, wrangler: str, modules: Path, counts: tuple[int, ...]) -> None:
    """Write a project whose file `<count>.test.mjs` has so many tests.

    Args:
        wrangler: the configuration of the Worker in Python.
        modules: where npm installed `vitest` and `@cloudflare/vitest-plugin`.
    """
    (project / "src").mkdir(parents=True)
    shutil.copy(WORKERS / "entry.mjs", project / "src")
    shutil.copy(WORKERS / "vitest.config.mjs", project)
    config = wrangler.replace("entry.py", "entry.mjs").replace('"python_workers"', "")
    (project / "wrangler.jsonc").write_text(config, "utf-8")
    (project / "node_modules").symlink_to(modules.resolve(), target_is_directory=True)
    for count in counts:
        tests = (TEST.replace("NUMBER", str(number)) for number in range(count))
        (project / f"{count}.test.mjs").write_text(BEGINNING + "".join(tests), "utf-8")
