"""TOML, with the place of everything in it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flarelocal.config.toml import parse
from flarelocal.config.tree import SyntaxFault

_CONFIG = """\
# A Worker
name = "jobs"
"quoted key" = 'literal'
vars.A.B = 1

[triggers]
crons = [
  "* * * * *",  # every minute
  "0 9 * * 1",
]

[[queues.consumers]]
queue = "a"

[[queues.consumers]]
queue = "b"
max_batch_size = 5
settings = { retry = { delay = 3 }, tags = ["x", "y"] }

[[queues.consumers.rules]]
text = \"\"\"
[not.a.table]
key = "neither"
\"\"\"

[env.staging.vars]
WHEN = 2026-01-31 09:00:00
URL = "https://example.com/#part"
"""


def _line(*keys: str | int, text: str = _CONFIG) -> int:
    return text.count("\n", 0, parse(text).spots[keys].value) + 1


def test_values_are_those_of_the_standard_library() -> None:
    assert parse(_CONFIG).value == tomllib.loads(_CONFIG)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("name",), 2),
        (("quoted key",), 3),
        (("vars", "A", "B"), 4),
        (("triggers",), 6),
        (("triggers", "crons"), 7),
        (("triggers", "crons", 1), 9),
        (("queues", "consumers", 0, "queue"), 13),
        (("queues", "consumers", 1), 15),
        (("queues", "consumers", 1, "max_batch_size"), 17),
        (("queues", "consumers", 1, "settings", "retry", "delay"), 18),
        (("queues", "consumers", 1, "settings", "tags", 1), 18),
        (("queues", "consumers", 1, "rules", 0, "text"), 21),
        (("env", "staging", "vars"), 26),
        (("env", "staging", "vars", "WHEN"), 27),
        (("env", "staging", "vars", "URL"), 28),
    ],
)
def test_every_key_and_element_is_found(keys: Any, line: int) -> None:
    assert _line(*keys) == line


def test_a_value_is_told_from_its_key() -> None:
    spot = parse("name   =   1").spots[("name",)]
    assert (spot.key, spot.value) == (0, 11)


def test_every_value_has_a_place() -> None:
    _check_places(_CONFIG, tomllib.loads(_CONFIG))


def test_windows_line_ends_make_no_difference() -> None:
    text = _CONFIG.replace("\n", "\r\n")
    assert _line("queues", "consumers", 1, "queue", text=text) == 16


@pytest.mark.parametrize(
    ("text", "offset"), [("a = 1\nb = [1, }\n", 14), ("a = 1\n[b\n", 8), ('a = "x', 6)]
)
def test_a_syntax_error_has_its_place(text: str, offset: int) -> None:
    with pytest.raises(SyntaxFault) as fault:
        parse(text)
    assert fault.value.offset == offset
    assert "line" not in fault.value.message


def test_no_depth_is_too_much() -> None:
    with pytest.raises(SyntaxFault) as fault:
        parse("a = " + "[" * 100_000)
    assert fault.value.message == "The file is nested too deeply"


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
_LEAVES = st.one_of(
    _TEXT.map(lambda text: json.dumps(text, ensure_ascii=False)),
    _TEXT.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    _TEXT.map(lambda text: '"""\n' + json.dumps(text, ensure_ascii=False)[1:-1] + '\n"""'),
    st.sampled_from(["1", "-2.5e3", "true", "2026-01-31 09:00:00Z", "07:32:00", "inf", "0x1F"]),
    st.sampled_from([r'"""a\"""b"""', "'''it's ''two''''", '"# no comment, ]"', '"a\\\\"']),
)
_KEYS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True),
    _TEXT.map(lambda text: json.dumps(text, ensure_ascii=False)),
)
_SPACE = st.sampled_from(["", " ", "\n  ", " # a ] comment\n"])


def _lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda items, space: f"[{space}{f',{space}'.join(items)}{space}]", st.lists(values), _SPACE
    )


def _tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.dictionaries(_KEYS, values, max_size=4).map(
        lambda members: "{ " + ", ".join(f"{key} = {value}" for key, value in members.items()) + "}"
    )


_VALUES = st.recursive(_LEAVES, lambda inner: _lists(inner) | _tables(inner), max_leaves=12)
_STATEMENTS = st.lists(
    st.one_of(
        st.tuples(_KEYS, _VALUES).map(" = ".join),
        st.tuples(_KEYS, _KEYS, _VALUES).map(lambda parts: f"{parts[0]} . {parts[1]}={parts[2]}"),
        _KEYS.map("[{}]".format),
        _KEYS.map("[[ {} ]]".format),
        st.tuples(_KEYS, _KEYS).map(lambda names: f"[{names[0]}.{names[1]}]  # table"),
    )
)


@given(_STATEMENTS)
def test_any_valid_toml_has_all_its_places(statements: list[str]) -> None:
    text = "\n".join(statements)
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        value = None
    if value is not None:
        _check_places(text, value)


def _check_places(text: str, root: object) -> None:
    def walk(value: object, keys: tuple[str | int, ...]) -> None:
        spot = tree.spots[keys]
        if isinstance(value, str):
            assert text[spot.value] in "\"'"
        children: Iterable[tuple[Any, Any]] = ()
        if isinstance(value, dict):
            children = value.items()
        elif isinstance(value, list):
            children = enumerate(value)
        for key, child in children:
            walk(child, (*keys, key))

    tree = parse(text)
    assert len(tree.spots) >= 1
    walk(root, ())
