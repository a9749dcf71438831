"""Storage against a dictionary, through transactions, resets and the death of the process."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from flarelocal.durable_objects import DurableObjectError, ListOptions, Transaction
from tests.durable_objects.storage.bench import Bench

keys = st.text("ab\0é\uff5e\U0001f600", max_size=3)
values = st.binary(max_size=4)
rows = st.lists(st.integers(0, 5), max_size=3)
alarms = st.none() | st.integers(1, 9)


@dataclass(frozen=True)
class Contents:
    """What a storage holds."""

    entries: dict[str, bytes] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    alarm: int | None = None


class StorageMachine(RuleBasedStateMachine):
    young = False

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.lives = 0
        self.bench = Bench(self.path, young=self.young)
        self.durable = self.now = Contents()
        self.open: list[tuple[Transaction, Contents]] = []

    @property
    def path(self) -> Path:
        return Path(self.directory.name) / str(self.lives) / "object.sqlite"

    def write(self, **changes: object) -> None:
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]

    def committed(self) -> None:
        if not self.open:
            self.durable = self.now

    @rule(key=keys, value=values)
    def put(self, key: str, value: bytes) -> None:
        self.bench.storage.kv.put(key, value)
        self.write(entries=self.now.entries | {key: value})

    @rule(entries=st.dictionaries(keys, values, max_size=4))
    def put_many(self, entries: dict[str, bytes]) -> None:
        self.bench.storage.kv.put_many(entries)
        self.write(entries=self.now.entries | entries)

    @rule(chosen=st.lists(keys, max_size=4, unique=True))
    def delete(self, chosen: list[str]) -> None:
        deleted = self.bench.storage.kv.delete_many(chosen)
        kept = {key: value for key, value in self.now.entries.items() if key not in chosen}
        assert deleted == len(self.now.entries) - len(kept)
        self.write(entries=kept)

    @rule(numbers=rows)
    def insert(self, numbers: list[int]) -> None:
        self.bench.storage.sql.exec("CREATE TABLE IF NOT EXISTS t(n INTEGER)")
        for number in numbers:
            self.bench.storage.sql.exec("INSERT INTO t VALUES (?)", float(number))
        self.write(rows=(*self.now.rows, *numbers))

    @rule(when=alarms)
    def set_alarm(self, when: int | None) -> None:
        self.bench.storage.alarm.set(when)
        self.write(alarm=when)

    @precondition(lambda self: len(self.open) < 3)
    @rule()
    def begin(self) -> None:
        self.committed()
        self.open.append((self.bench.storage.begin(), self.now))

    @precondition(lambda self: self.open)
    @rule()
    def commit(self) -> None:
        transaction, _ = self.open.pop()
        transaction.commit()
        self.committed()

    @precondition(lambda self: self.open)
    @rule()
    def roll_back(self) -> None:
        transaction, self.now = self.open.pop()
        transaction.rollback()

    @rule(entries=st.dictionaries(keys, values, max_size=3), numbers=rows, fails=st.booleans())
    def transact(self, entries: dict[str, bytes], numbers: list[int], fails: bool) -> None:
        before = self.now

        def work() -> None:
            self.put_many(entries)
            self.insert(numbers)
            self.set_alarm(len(entries) or None)
            if fails:
                raise LookupError

        if fails:
            with pytest.raises(LookupError):
                self.bench.storage.transaction_sync(work)
            self.now = before
        else:
            self.bench.storage.transaction_sync(work)

    @rule()
    def end_turn(self) -> None:
        self.bench.end_turn()
        self.committed()

    @rule()
    def flush(self) -> None:
        self.bench.storage.flush()
        self.committed()

    @rule(keeps_alarm=st.booleans())
    def delete_all(self, keeps_alarm: bool) -> None:
        if self.open:
            with pytest.raises(DurableObjectError):
                self.bench.storage.delete_all()
            return
        deleted = self.bench.storage.delete_all(delete_alarm=not keeps_alarm)
        assert deleted == len(self.now.entries)
        self.bench.storage.flush()
        self.now = self.durable = Contents(alarm=self.now.alarm if keeps_alarm else None)

    @rule()
    def reset(self) -> None:
        self.bench.reopen()
        self.now = self.durable
        self.open.clear()

    @rule()
    def die(self) -> None:
        dead = self.path.parent
        self.lives += 1
        self.path.parent.mkdir()
        # What the process leaves behind when it is killed: the files as they are.
        for left in dead.glob("*"):
            if not left.name.endswith("-shm"):
                shutil.copy(left, self.path.parent)
        self.bench.close()
        self.bench = Bench(self.path, young=self.young)
        self.now = self.durable
        self.open.clear()

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        listed = list(self.bench.storage.kv.list(ListOptions()).items())
        assert listed == sorted(self.now.entries.items(), key=lambda entry: entry[0].encode())
        assert self.bench.storage.alarm.get() == self.now.alarm
        if self.now.rows:
            read = self.bench.storage.sql.exec("SELECT n FROM t ORDER BY rowid").all()
            assert tuple(n for (n,) in read) == self.now.rows

    @invariant()
    def the_scheduler_knows_what_is_durable(self) -> None:
        assert self.bench.storage.alarm.committed == self.durable.alarm

    def teardown(self) -> None:
        self.bench.close()
        self.directory.cleanup()


class YoungStorageMachine(StorageMachine):
    young = True


TestStorage = StorageMachine.TestCase
TestStorage.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestYoungStorage = YoungStorageMachine.TestCase
TestYoungStorage.settings = TestStorage.settings
