"""The numbers of facets, in the file that workerd keeps them in."""

from __future__ import annotations

from pathlib import Path

from flarelocal.durable_objects.facet_index import ROOT, FacetIndex

WRITTEN_BY_WORKERD = bytes.fromhex("57efb0c55bcecdc4 00000300 6b6964 00000700 782f2e2e2fc3a9")


def test_numbers_are_given_in_order_and_stay(tmp_path: Path) -> None:
    index = FacetIndex(tmp_path / "facets")
    assert [index.number(ROOT, name) for name in ("a", "b", "a")] == [1, 2, 1]
    assert index.number(2, "a") == 3
    again = FacetIndex(tmp_path / "facets")
    assert (again.find(2, "a"), again.find(ROOT, "c")) == (3, None)
    assert again.children(ROOT) == {"a": 1, "b": 2}


def test_the_file_is_that_of_the_runtime(tmp_path: Path) -> None:
    path = tmp_path / "facets"
    path.write_bytes(WRITTEN_BY_WORKERD)
    assert FacetIndex(path).children(ROOT) == {"kid": 1, "x/../é": 2}
    own = FacetIndex(tmp_path / "own")
    for name in ("kid", "x/../é"):
        own.number(ROOT, name)
    assert (tmp_path / "own").read_bytes() == WRITTEN_BY_WORKERD


def test_an_entry_which_was_cut_off_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "facets"
    path.write_bytes(WRITTEN_BY_WORKERD[:-1])
    assert FacetIndex(path).children(ROOT) == {"kid": 1}
