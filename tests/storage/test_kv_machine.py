"""A KV namespace does what a sorted dictionary with expiry does, over any number of restarts."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from flarelocal.clock import VirtualClock
from flarelocal.database import Database
from flarelocal.storage.kv import SCHEMA, KvStore

KEYS = st.text("ab:é\U0010ffff", min_size=1, max_size=4)
VALUES = st.binary(max_size=8)
TTLS = st.none() | st.integers(60, 200)


class Namespace(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory()
        self.clock = VirtualClock()
        self.model: dict[str, tuple[bytes, int | None]] = {}
        self.open()

    def open(self) -> None:
        path = Path(self.directory.name) / "kv.sqlite"
        self.database = self.loop.run_until_complete(Database.open(path, SCHEMA, self.clock))
        self.store = KvStore(self.database, "n", self.clock)

    def run(self, call: Any) -> Any:
        async def work() -> Any:
            return await call()

        return self.loop.run_until_complete(work())

    def living(self) -> dict[str, tuple[bytes, int | None]]:
        now_s = self.clock.now() // 1000
        return {k: e for k, e in self.model.items() if e[1] is None or e[1] > now_s}

    @rule(key=KEYS, value=VALUES, ttl=TTLS)
    def put(self, key: str, value: bytes, ttl: int | None) -> None:
        self.run(lambda: self.store.put(key, value, expiration_ttl=ttl))
        self.model[key] = (value, None if ttl is None else self.clock.now() // 1000 + ttl)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.run(lambda: self.store.delete(key))
        self.model.pop(key, None)

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        entry = self.run(lambda: self.store.get(key))
        assert (entry and (entry.value, entry.expiration)) == self.living().get(key)

    @rule(prefix=st.text("ab:é\U0010ffff", max_size=2), limit=st.integers(1, 4))
    def walk(self, prefix: str, limit: int) -> None:
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            after = cursor
            page = self.run(lambda: self.store.list(prefix=prefix, limit=limit, cursor=after))  # noqa: B023
            assert len(page.keys) <= limit
            found += [key.name for key in page.keys]
            cursor = page.cursor
        assert found == sorted(key for key in self.living() if key.startswith(prefix))

    @rule(seconds=st.integers(1, 120))
    def wait(self, seconds: int) -> None:
        self.run(lambda: self.clock.advance(seconds * 1000))

    @precondition(lambda self: self.model)
    @rule()
    def restart(self) -> None:
        self.loop.run_until_complete(self.database.close())
        self.open()

    @invariant()
    def keeps_no_more_than_was_put(self) -> None:
        rows = self.run(lambda: self.database.fetch("SELECT key FROM kv_entry"))
        assert {key for (key,) in rows} <= self.model.keys()

    def teardown(self) -> None:
        self.loop.run_until_complete(self.database.close())
        self.loop.close()
        self.directory.cleanup()


Namespace.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestNamespace = Namespace.TestCase
