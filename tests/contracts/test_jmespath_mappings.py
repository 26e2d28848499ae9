"""JMESPath against the suite of its port, and against the library that its words come from."""

import jmespath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from adapters.outbound.jmespath_mappings import JmespathMappings
from domain.mapping_expression import Effort, ExpressionFailed, ExpressionRefused
from tests.contracts.mapping_language import MappingLanguageContract

NAMES = ("a", "b", "c")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.5, 1e308, -0.0])
    | st.sampled_from(["", "a", "b", "12"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=20,
)
_LEAVES = st.sampled_from(
    [*NAMES, "@", "*", "[*]", "[0]", "[-1]", "[1:]", "[::-1]", "[]", "`1`", "`0`", "'a'", "`[1]`"]
)
_WORDS = (
    "{0}.{1}",
    "{0}[*].{1}",
    "{0}[?{1}]",
    "{0}[?{1} == {2}].{2}",
    "{0} | {1}",
    "({0})[]",
    "{0} || {1}",
    "{0} && {1}",
    "!({0})",
    "{0} == {1}",
    "{0} != {1}",
    "{0} < {1}",
    "{0} >= {1}",
    "[{0}, {1}]",
    "{{x: {0}, a: {1}}}",
    "length({0})",
    "type({0})",
    "keys({0})",
    "values({0})",
    "to_string({0})",
    "to_number({0})",
    "to_array({0})",
    "not_null({0}, {1})",
    "contains({0}, {1})",
    "reverse({0})",
    "sort({0})",
    "sum({0})",
    "avg({0})",
    "max({0})",
    "merge({0}, {1})",
    "join('-', {0})",
    "map(&{0}, {1})",
    "sort_by({0}, &{1})",
    "max_by({0}, &{1})",
    "starts_with({0}, {1})",
)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(_WORDS), inner, inner, inner).map(
        lambda drawn: drawn[0].format(*drawn[1:])
    )


EXPRESSIONS = st.recursive(_LEAVES, _combined, max_leaves=6)


class TestJmespathMappings(MappingLanguageContract):
    ADAPTER = JmespathMappings

    @pytest.fixture
    def language(self) -> JmespathMappings:
        return JmespathMappings()


@settings(max_examples=600, deadline=None)
@given(EXPRESSIONS, JSON)
def test_it_finds_what_the_library_finds(text: str, document: object) -> None:
    try:
        expression = JmespathMappings().expression(text)
    except ExpressionRefused:
        assume(False)
    try:
        found = expression(document, Effort.for_document(100_000))
    except ExpressionFailed:
        with pytest.raises((JMESPathError, ArithmeticError, TypeError, ValueError)):
            jmespath.search(text, document)
        return
    try:
        expected = jmespath.search(text, document)
    except TypeError:
        expected = None  # the library lets escape that a text and a number have no order
        assume(any(sign in text for sign in "<>") is False)
    assert repr(found) == repr(expected)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab.[]*?&|@!=<>'`\"(){},:1- #é"), max_size=40))
def test_no_words_at_all_make_it_fail_otherwise(text: str) -> None:
    column = _refused_at(text)
    assert column is None or 0 <= column <= len(text) + 1


def _refused_at(text: str) -> int | None:
    try:
        JmespathMappings().expression(text)
    except ExpressionRefused as refused:
        return refused.column
    return None
