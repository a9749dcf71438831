from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.uri import RESERVED, UNRESERVED, decode, encode


def test_a_component_is_escaped_entirely() -> None:
    assert encode("a b/é~", UNRESERVED) == "a%20b%2F%C3%A9~"
    assert decode("a%20b%2F%C3%A9") == "a b/é"


def test_a_whole_uri_keeps_what_separates_its_parts() -> None:
    assert encode("http://é/?a=b#c", UNRESERVED + RESERVED) == "http://%C3%A9/?a=b#c"
    assert decode("%C3%A9%2f%3F", keep=RESERVED) == "é%2f%3F"


@pytest.mark.parametrize("text", ["%", "%C", "%zz", "%C3", "a%ff"])
def test_malformed_escapes(text: str) -> None:
    with pytest.raises(JsError, match="URI malformed") as malformed:
        decode(text)
    assert malformed.value.name == "URIError"


def test_lone_surrogates_cannot_be_escaped() -> None:
    with pytest.raises(JsError, match="URI malformed"):
        encode("\ud800", UNRESERVED)
