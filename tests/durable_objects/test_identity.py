"""Ids are those of the local runtime."""

from __future__ import annotations

from random import Random

import pytest

from flarelocal.durable_objects import DurableObjectError, IdentityFactory, ObjectId


@pytest.fixture
def ids() -> IdentityFactory:
    return IdentityFactory("worker-MyDO", Random(1))


def test_an_id_derives_from_key_and_name(ids: IdentityFactory) -> None:
    assert ids.from_name("foo").hex == (
        "4380399b2532cdb2e9c102c171d940c002b67cc682918b1c45c323e0701b25ad"
    )


def test_one_name_gives_one_id_which_knows_it(ids: IdentityFactory) -> None:
    assert ids.from_name("a") == ids.from_name("a")
    assert ids.from_name("a") != ids.from_name("b")
    assert ids.from_name("a").name == "a"


def test_unique_ids_differ_and_have_no_name(ids: IdentityFactory) -> None:
    one, other = ids.unique(), ids.unique()
    assert one != other
    assert one.name is None


def test_an_id_survives_its_text_but_its_name_does_not(ids: IdentityFactory) -> None:
    id = ids.from_name("a")
    again = ids.from_string(str(id).upper())
    assert again == id
    assert again.hex == id.hex
    assert again.name is None


@pytest.mark.parametrize("text", ["", "abc", "z" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_other_texts_are_no_ids(ids: IdentityFactory, text: str) -> None:
    with pytest.raises(DurableObjectError, match=r"^Invalid Durable Object ID: must be 64 hex"):
        ids.from_string(text)


def test_an_id_of_another_namespace_is_refused(ids: IdentityFactory) -> None:
    foreign = IdentityFactory("worker-Other", Random(1)).from_name("a")
    for check in (lambda: ids.from_string(foreign.hex), lambda: ids.require(foreign)):
        with pytest.raises(DurableObjectError) as refusal:
            check()
        assert refusal.value.name == "TypeError"
        assert refusal.value.message == "Durable Object ID is not valid for this namespace."


def test_an_id_made_of_its_text_alone_is_checked(ids: IdentityFactory) -> None:
    ids.require(ObjectId(ids.from_name("a").hex))


@pytest.mark.parametrize("jurisdiction", ["eu", "fedramp", "fedramp-high", "us"])
def test_an_id_remembers_its_jurisdiction(ids: IdentityFactory, jurisdiction: str) -> None:
    for id in (ids.from_name("a", jurisdiction), ids.unique(jurisdiction)):
        assert ids.from_string(id.hex).jurisdiction == jurisdiction
    assert ids.from_name("a", jurisdiction) != ids.from_name("a")


def test_an_unknown_jurisdiction_is_refused(ids: IdentityFactory) -> None:
    with pytest.raises(DurableObjectError, match="use one of eu, fedramp, fedramp-high, us"):
        ids.from_name("a", "mars")
