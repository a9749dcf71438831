"""A case from its beginning to its end."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

from flarelocal.javascript.values import Value
from tests.conformance.bench import Answer, Bench
from tests.conformance.fixture import Fixture
from tests.conformance.log import Entry
from tests.conformance.matching import Matcher
from tests.conformance.steps import Outcome, Script, Step
from tests.conformance.vectors import Case

__all__ = ["Performance"]

T = TypeVar("T")

_OUTER = ("http", "wait", "wait_log", "dispatch_queue", "dispatch_scheduled")
_PATIENCE_MS = 15_000


class Performance:
    """Carries out the steps of a case on a bench."""

    def __init__(self, case: Case, bench: Bench) -> None:
        self._case = case
        self._bench = bench
        self._clock = bench.clock
        self._fixture = Fixture(case, bench.realm, bench.clock)

    async def difference(self) -> str | None:
        """How the outcomes differ from the expected ones; None where they fit."""
        await self._bench.open(self._fixture)
        try:
            outcomes = await self._outcomes()
        finally:
            await self._bench.close()
        return _compared(Matcher(self._clock.now()), self._case, outcomes)

    async def _outcomes(self) -> list[Outcome]:
        if self._case.place == "object":
            return await self._in_object()
        outcomes: list[Outcome] = []
        for is_outer, group in itertools.groupby(self._case.steps, _is_outer):
            if is_outer:
                outcomes += [await self._outer(step) for step in group]
            else:
                await self._inner(list(group), outcomes)
        return outcomes

    async def _inner(self, steps: list[Step], outcomes: list[Outcome]) -> None:
        async def program(request: Value, ctx: Value) -> None:
            scene = self._fixture.scene({"request": request, "ctx": ctx})
            await Script(scene, outcomes).run(steps)

        await self._patiently(self._bench.run(program))

    async def _in_object(self) -> list[Outcome]:
        outcomes: list[Outcome] = []
        await self._inner([{"in": "main", "steps": self._case.steps}], outcomes)
        [outcome] = outcomes
        if "steps" not in outcome:
            raise AssertionError(f"the object did not run the steps: {outcome}")
        reached: list[Outcome] = outcome["steps"]
        return reached

    async def _patiently(self, work: Coroutine[Any, Any, T]) -> T:
        """Let time pass until the work is done."""
        task = asyncio.ensure_future(work)
        await self._clock.idle()
        while not task.done():
            if not await self._clock.next():
                task.cancel()
                raise AssertionError("the event waits for something that never comes")
            await self._clock.idle()
        return task.result()

    async def _outer(self, step: Step) -> Outcome:
        if "wait" in step:
            await self._clock.advance(step["wait"])
            return {"value": {"$undefined": True}}
        if "wait_log" in step:
            return {"value": await self._wait_log(**step["wait_log"])}
        if "http" in step:
            return {"value": _seen(await self._patiently(self._bench.http(step["http"])))}
        if "dispatch_queue" in step:
            batch = step["dispatch_queue"]
            work = self._bench.dispatch_queue(batch["queue"], batch["messages"])
            return {"value": await self._patiently(work)}
        event = step["dispatch_scheduled"]
        work = self._bench.dispatch_scheduled(event.get("cron", ""), event.get("scheduled_time"))
        return {"value": await self._patiently(work)}

    async def _wait_log(
        self,
        handler: str | None = None,
        count: int = 0,
        quiet_ms: int = 0,
        timeout_ms: int = _PATIENCE_MS,
        unended: bool = False,
    ) -> list[dict[str, Any]]:
        clock = self._clock
        began_ms = clock.now()
        while True:
            await clock.idle()
            entries = self._fixture.log.of(handler)
            settled_ms = _settled(entries, began_ms, unended=unended)
            enough = len(entries) >= count and settled_ms is not None
            if enough and clock.now() >= (quiet_until := (settled_ms or 0) + quiet_ms):
                return [entry.fields for entry in entries]
            upcoming = [timer.when_ms for timer in clock.upcoming()[:1]]
            if enough:
                upcoming.append(quiet_until)
            target = min(upcoming, default=began_ms + timeout_ms)
            if target > began_ms + timeout_ms or not upcoming:
                raise AssertionError(f"after {timeout_ms} ms the log has but {entries}")
            await clock.advance_to(max(target, clock.now()))


def _is_outer(step: Step) -> bool:
    return any(kind in step for kind in _OUTER)


def _settled(entries: list[Entry], began_ms: int, *, unended: bool) -> int | None:
    """When the last of the entries ended (or came); None while one of them goes on."""
    times = [entry.came_ms if unended else entry.ended_ms for entry in entries]
    known = [time for time in times if time is not None]
    return max([began_ms, *known]) if len(known) == len(times) else None


def _seen(answer: Answer) -> dict[str, Any]:
    text = answer.body.decode()
    is_json = (answer.content_type or "").partition(";")[0] == "application/json"
    body = json.loads(text) if is_json else text
    return {"status": answer.status, "content_type": answer.content_type, "body": body}


def _compared(matcher: Matcher, case: Case, outcomes: list[Outcome]) -> str | None:
    for index, expected in enumerate(case.expect):
        if index >= len(outcomes):
            return f"step {index} was not reached: {_line(case.steps[index])}"
        if found := matcher.difference(expected, outcomes[index]):
            return f"step {index}: {_line(case.steps[index])}\n{found}{_thrown(outcomes[index])}"
    if len(outcomes) > len(case.expect):
        return f"step {len(case.expect)} was reached and gave {outcomes[len(case.expect)]}"
    return None


def _thrown(outcome: Outcome) -> str:
    thrown = {key: outcome[key] for key in ("error", "thrown", "failure") if key in outcome}
    return "".join(f"\n{key}: {value}" for key, value in thrown.items())


def _line(step: Step) -> str:
    text = json.dumps(step, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
