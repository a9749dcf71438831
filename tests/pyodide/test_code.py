"""Calls with the arguments that a function takes."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.pyodide.code import relaxed_call, relaxed_wrap


def test_further_arguments_are_dropped() -> None:
    assert relaxed_call(lambda a: a, 1, 2, 3) == 1


def test_a_method_gets_what_fits_besides_itself() -> None:
    class Handler:
        def fetch(self, request: int) -> int:
            return request

    assert relaxed_call(Handler().fetch, 1, 2, 3) == 1


def test_names_of_positional_parameters_are_no_keywords() -> None:
    def function(a: int, /) -> int:
        return a

    assert relaxed_call(function, 1, a=3) == 1


def test_everything_goes_to_star_arguments() -> None:
    assert relaxed_call(lambda *a: a, 1, 2, 3) == (1, 2, 3)


def test_further_keyword_arguments_are_dropped() -> None:
    assert relaxed_call(lambda a, b=0: (a, b), 1, b=2, c=3) == (1, 2)


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(TypeError, match="missing a required argument: 'more'"):
        relaxed_call(lambda request, more: None, 1)


def test_a_function_that_takes_what_it_has_no_parameters_for() -> None:
    assert relaxed_wrap(lambda a: a)(1, 2, k=3) == 1


@pytest.mark.parametrize("function", [5, dict])
def test_what_has_no_parameters_that_are_known_is_not_wrapped(function: Any) -> None:
    with pytest.raises(TypeError, match="Cannot wrap function"):
        relaxed_wrap(function)
