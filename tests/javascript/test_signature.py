from __future__ import annotations

from typing import Annotated

import pytest

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.collections import LiteralMap
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import Getter, HostObject, method, static
from flarelocal.javascript.signature import NO_OPTIONS, BufferSource, Options, USVString
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.headers import Headers


class Pair:
    """What makes itself of an argument."""

    js_type = "string or Pair"

    def __init__(self, text: str) -> None:
        self.texts = text.split("-")

    @classmethod
    def from_javascript(cls, value: Value) -> Pair:
        if value is null:
            raise type_error("A pair is not null.")
        return cls(str(value))


class Sample(HostObject, constructible=True):
    """A class with arguments of every kind."""

    __slots__ = ("seen",)

    def __init__(self, first: str, second: int = 5) -> None:
        self.seen: Value = (first, second)

    @method
    def text(self, value: USVString, rest: str = "default") -> Value:
        return value, rest

    @method
    def numbers(self, whole: int, real: float, flag: bool) -> Value:
        return whole, real, flag

    @method
    def options(self, value: Options = NO_OPTIONS) -> Value:
        return value

    @method
    def buffer(self, value: BufferSource) -> Value:
        return value

    @method
    def headers(self, value: Headers) -> Value:
        return value

    @method
    def many(self, first: str, *rest: Value) -> Value:
        return first, rest

    @method
    def named(self, value: Annotated[Value, "Request or string"]) -> Value:
        return value

    @method
    def pair(self, value: Pair, texts: list[str]) -> Value:
        return value.texts, texts

    @method
    def plain(self, value: Value = None) -> Value:
        return value

    @staticmethod
    @static
    def shared(value: str) -> str:
        return value

    def _read(self) -> Value:
        return self.seen

    def _write(self, value: str) -> None:
        self.seen = value

    prop = Getter(_read, _write)


@pytest.fixture
def sample() -> Sample:
    return Sample("x")


def call(sample: Sample, name: str, *arguments: Value) -> Value:
    return sample.members[name].function(sample, *arguments)


def test_python_code_calls_the_function_itself(sample: Sample) -> None:
    assert sample.text("a") == ("a", "default")


def test_texts(sample: Sample) -> None:
    assert call(sample, "text", 5, null) == ("5", "null")
    assert call(sample, "text", "\ud800", None) == ("\ufffd", "default")


def test_numbers(sample: Sample) -> None:
    assert call(sample, "numbers", "3.7", "1.5", 0) == (3, 1.5, False)
    with pytest.raises(JsError, match="Value out of range"):
        call(sample, "numbers", 2**31, 0, 0)


def test_options(sample: Sample) -> None:
    assert call(sample, "options", {"a": 1}) == {"a": 1}
    assert call(sample, "options", LiteralMap([["a", 1]])) == {"a": 1}
    assert call(sample, "options", null) == {}
    with pytest.raises(JsError, match="parameter 1 is not of type 'Object'"):
        call(sample, "options", "text")


def test_instances(sample: Sample) -> None:
    headers = Headers()
    assert call(sample, "headers", headers) is headers
    with pytest.raises(JsError) as refused:
        call(sample, "headers", {})
    assert refused.value.message == (
        "Failed to execute 'headers' on 'Sample': parameter 1 is not of type 'Headers'."
    )


def test_buffers(sample: Sample) -> None:
    assert call(sample, "buffer", Uint8Array(1)).length == 1
    with pytest.raises(JsError, match="is not of type 'BufferSource'"):
        call(sample, "buffer", "text")


def test_classes_that_make_themselves(sample: Sample) -> None:
    assert call(sample, "pair", "a-b", [5, None]) == (["a", "b"], ["5", "undefined"])
    with pytest.raises(JsError, match="parameter 2 is not of type 'Array'"):
        call(sample, "pair", "a-b", "text")
    with pytest.raises(JsError, match="parameter 1 is not of type 'string or Pair'"):
        call(sample, "pair")


def test_the_first_wrong_argument_is_the_one_that_is_told(sample: Sample) -> None:
    with pytest.raises(JsError, match="A pair is not null"):
        call(sample, "pair", null)


def test_further_arguments(sample: Sample) -> None:
    assert call(sample, "many", 1, 2, None) == ("1", (2, None))
    assert call(sample, "text", "a", "b", "dropped") == ("a", "b")


def test_a_missing_argument_is_not_undefined(sample: Sample) -> None:
    assert call(sample, "named", None) is None
    with pytest.raises(JsError, match="parameter 1 is not of type 'Request or string'"):
        call(sample, "named")


def test_functions_that_convert_nothing_stay_as_they_are() -> None:
    assert Sample.members["plain"].function is Sample.plain


def test_static_methods_constructors_and_setters(sample: Sample) -> None:
    constructor = constructor_of_class(Sample)
    assert constructor.statics["shared"].function(5) == "5"
    assert constructor.construct(1, "2").seen == ("1", 2)
    with pytest.raises(JsError) as refused:
        constructor.construct()
    assert refused.value.message == (
        "Failed to construct 'Sample': constructor parameter 1 is not of type 'string'."
    )
    setter = sample.members["prop"].setter
    assert setter is not None
    setter(sample, 5)
    assert sample.seen == "5"
