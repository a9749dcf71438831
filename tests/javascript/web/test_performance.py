"""performance: marks, measures and what the runtime does not measure."""

from __future__ import annotations

import pytest

from flarelocal.javascript import json
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.event import Event
from flarelocal.javascript.web.performance import Performance, PerformanceMark


@pytest.fixture
def performance() -> Performance:
    return Performance()


def span(entry: Value) -> tuple[float, float]:
    return entry.start_time, entry.duration


def test_a_mark_is_a_moment(performance: Performance) -> None:
    mark = performance.mark("begun", {"startTime": 5, "detail": {"x": 1}})
    assert (mark.name, mark.entry_type, mark.detail) == ("begun", "mark", {"x": 1})
    assert span(mark) == (5, 0)
    before = performance.now()
    assert before <= performance.mark("now").start_time <= performance.now()
    assert performance.mark("plain").detail is null


def test_a_measure_is_what_lies_between_marks(performance: Performance) -> None:
    performance.mark("a", {"startTime": 5})
    performance.mark("b", {"startTime": 9})
    assert span(performance.measure("m", "a", "b")) == (5, 4)
    assert span(performance.measure("m", "b", "a")) == (9, 0)
    assert performance.measure("m", "unknown").start_time == 0


def test_a_measure_takes_times(performance: Performance) -> None:
    assert span(performance.measure("m", {"start": 1, "end": 4})) == (1, 3)
    assert span(performance.measure("m", {"start": 1, "duration": 5})) == (1, 5)
    assert span(performance.measure("m", {"end": 4, "duration": 2})) == (0, 4)


def test_entries_are_found_and_cleared(performance: Performance) -> None:
    mark, measure = performance.mark("x"), performance.measure("x")
    assert performance.get_entries() == [mark, measure]
    assert performance.get_entries_by_name("x", "mark") == [mark]
    assert performance.get_entries_by_type("measure") == [measure]
    performance.clear_marks()
    assert performance.get_entries() == [measure]
    performance.clear_measures("x")
    assert performance.get_entries() == []


def test_entries_as_json(performance: Performance) -> None:
    mark = performance.mark("a", {"startTime": 5, "detail": [1]})
    assert json.stringify(mark) == (
        '{"name":"a","entryType":"mark","startTime":5,"duration":0,"detail":[1]}'
    )
    assert json.stringify(performance) == '{"timeOrigin":0}'


@pytest.mark.parametrize("detail", [5, "text", null])
def test_details_are_objects(performance: Performance, detail: Value) -> None:
    with pytest.raises(JsError, match="'detail' field on 'Options'"):
        performance.mark("a", {"detail": detail})


def test_a_program_makes_marks_of_its_own() -> None:
    assert PerformanceMark("mine", {"startTime": 1}).start_time == 1


def test_it_is_an_event_target(performance: Performance) -> None:
    heard: list[Value] = []
    performance.add_event_listener("full", heard.append)
    performance.dispatch_event(Event("full"))
    assert len(heard) == 1


def test_what_is_not_measured(performance: Performance) -> None:
    assert performance.event_counts.size == 0
    assert performance.event_loop_utilization() == {"idle": 0, "active": 0, "utilization": 0}
