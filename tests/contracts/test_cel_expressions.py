"""CEL against the suite of its port, and against texts that nobody would write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.cel_expressions import CelExpressions
from application.ports.expression_language import ExpressionLanguage
from domain.refusals import FieldError
from domain.rules.expression_values import expression_variables
from domain.rules.parsing import MAX_EXPRESSION
from tests.contracts.expression_language import ExpressionLanguageContract

CEL = CelExpressions()
_WORDS = (
    *sorted(expression_variables()),
    *"()[]{}.,?:!-+*/%<>",
    *("==", "!=", "&&", "||", "in"),
    *("true", "null", "1", "2.5", "'a'", "r'\\'", "'''b'c'''", "b'd'", "\n", "// e\n", "matches"),
    *("map", "all", "exists", "has", "size", "string", "x", "\x00", "\ud800", "é", "🎉"),
)
values = st.dictionaries(
    st.sampled_from(sorted(expression_variables())),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
)


class TestCelExpressions(ExpressionLanguageContract):
    ADAPTER = CelExpressions

    @pytest.fixture
    def language(self) -> ExpressionLanguage:
        return CEL


def whatever_it_is(text: str, seen: dict[str, object]) -> None:
    compiled = CEL.compiled(text)
    if isinstance(compiled, FieldError):
        assert compiled.field == "when.expression"
        assert compiled.reason
    else:
        assert compiled(seen) in (True, False, None)


@given(st.text(max_size=MAX_EXPRESSION), values)
def test_any_text_is_an_expression_or_a_refusal(text: str, seen: dict[str, object]) -> None:
    whatever_it_is(text, seen)


@given(st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join), values)
def test_so_is_any_row_of_its_words(text: str, seen: dict[str, object]) -> None:
    whatever_it_is(text[:MAX_EXPRESSION], seen)
