"""What every language of rules' expressions must do."""

import itertools
import time
from collections.abc import Mapping

import pytest

from application.ports.expression_language import ExpressionLanguage
from domain.refusals import FieldError
from domain.rules.binding import Evaluate
from domain.rules.parsing import MAX_EXPRESSION

_VALUES: Mapping[str, object] = {
    "time.hour": 23,
    "location.lat": 1.5,
    "location.lon": 2.0,
    "web_visit.url": "http://a.example/.map(x)",
    "message.size_bytes": 2**53 - 1,
    "traffic.sent_bytes": 0,
}
_LONGEST = 16_384
_ENOUGH_S = 2.0
"""For one evaluation on a loaded machine; what is not bounded takes ten times as long and more."""


def _repeated(joint: str, part: str) -> str:
    """As often as an expression may be long."""
    count = (MAX_EXPRESSION + len(joint)) // (len(part) + len(joint))
    return joint.join([part] * count)


def ready(language: ExpressionLanguage, text: str) -> Evaluate:
    compiled = language.compiled(text)
    assert not isinstance(compiled, FieldError), compiled
    return compiled


class ExpressionLanguageContract:
    PORT = ExpressionLanguage
    ADAPTER: type

    @pytest.fixture
    def language(self) -> ExpressionLanguage:
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("text", "truth"),
        [
            ("location.lat > 1.0", True),
            ("location.lat + location.lon > 4.0", False),
            ("location.lat > 1.0 && time.hour >= 22", True),
            ("message.size_bytes > 9007199254740990", True),
            ("web_visit.url.contains('.map(')", True),
            ("web_visit.url.matches('^https?://a[.]')", True),
            ("web_visit.url.startsWith('ftp')", False),
            ("time.hour in [22, 23]", True),
            ("location.lat > 1.0 ? time.hour == 23 : false", True),
            ("location.lat > 1.0 // a remark", True),
            ("'''it's'''.size() == 4", True),
        ],
    )
    def test_what_is_true(self, language: ExpressionLanguage, text: str, truth: bool) -> None:
        assert ready(language, text)(_VALUES) is truth

    @pytest.mark.parametrize(
        ("text", "truth"),
        [
            ("location.speed_mps > 1.0", None),
            ("location.speed_mps > 1.0 || location.lat > 1.0", True),
            ("location.speed_mps > 1.0 && location.lat > 9.0", False),
            ("location.speed_mps > 1.0 && location.lat > 1.0", None),
            ("!(location.speed_mps > 1.0)", None),
        ],
    )
    def test_a_missing_value_counts_where_it_decides(
        self, language: ExpressionLanguage, text: str, truth: bool | None
    ) -> None:
        assert ready(language, text)(_VALUES) is truth

    @pytest.mark.parametrize(
        "text",
        [
            "1 / traffic.sent_bytes > 2",
            "1 % traffic.sent_bytes > 2",
            "message.size_bytes * message.size_bytes > 0",
            "double(web_visit.url) > 1.0",
            "timestamp(web_visit.url) > timestamp('2020-01-01T00:00:00Z')",
            "[1][traffic.sent_bytes + 7] == 1",
        ],
    )
    def test_what_cannot_be_computed_is_unknown(
        self, language: ExpressionLanguage, text: str
    ) -> None:
        assert ready(language, text)(_VALUES) is None

    @pytest.mark.parametrize("value", [True, "x", None, 10**400, "\ud800", float("nan")])
    def test_a_value_of_another_type_raises_nothing(
        self, language: ExpressionLanguage, value: object
    ) -> None:
        for text in ("location.lat > 1.0", "web_visit.url == 'a'", "time.hour == 7"):
            values = dict.fromkeys(("location.lat", "web_visit.url", "time.hour"), value)
            assert ready(language, text)(values) in (None, False)

    @pytest.mark.parametrize(
        ("text", "column", "word"),
        [
            ("location.lat > 1", 14, "double"),
            ("true && location.lat", 6, "bool"),
            ("location.altitude > 1.0", 9, "location.altitude"),
            ("document.body == 1", 9, "document.body"),
            ("location.lat >", 15, "Syntax"),
            ("'abc", 1, "Syntax"),
            ("true &&\n &&", 10, "Syntax"),
            ("location.lat", 1, "true or false"),
            ("[1, 2].map(x, x) == []", 8, "loops"),
            ("true && [1].filter(x, true) == [1]", 13, "loops"),
            ("[1].all(x, x > 0)", 5, "loops"),
            ("{'a': 1}.exists(x, true)", 10, "loops"),
            ("message.text.exists_one(x, true)", 14, "loops"),
            ("size([1].map (x, x)) == 1", 10, "loops"),
            ("[1].map // hidden\n(x, x) == [1]", 5, "loops"),
            ("'''a'b'''.size() == 1 && [1].all(x, true)", 30, "loops"),
            (r"r'\' == '' || [1].all(x, true)", 19, "loops"),
            ("dyn(1) == 'a'", 4, "dyn"),
            ("web_visit.url.matches(web_visit.title)", 15, "quotation"),
            ("matches(web_visit.url, 'a')", 1, "quotation"),
            ("message.text.matches('(.?){900}')", 14, "{ }"),
            (r"message.text.matches('.\x7b900}')", 14, "number"),
            ("message.text.matches('a(b')", 14, "missing )"),
            (f"message.text.matches('{'.?' * 60}')", 14, "100 characters"),
            ("message.text + message.text == ''", 14, "overload"),
            ("true \ud800", 6, "character"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_place(
        self, language: ExpressionLanguage, text: str, column: int, word: str
    ) -> None:
        error = language.compiled(text)
        assert isinstance(error, FieldError)
        assert error.field == "when.expression"
        assert error.reason.startswith(f"column {column}: ")
        assert word in error.reason

    @pytest.mark.parametrize("text", ["(" * 499 + "true" + ")" * 497, "[" * 499 + "]" * 499])
    def test_what_is_too_deep_is_refused(self, language: ExpressionLanguage, text: str) -> None:
        assert isinstance(language.compiled(text), FieldError)

    @pytest.mark.parametrize(
        "text",
        [
            _repeated(" && ", "message.text.contains(message.text)"),
            _repeated(" && ", f"!message.text.contains('{'a' * 100}b')"),
            _repeated(" && ", "size(message.text) > 1"),
            _repeated(" && ", "string(bytes(message.text)) != ''"),
            f"message.text in [{_repeated(',', 'message.text')[:950].rpartition(',')[0]}, 'a']",
            f"message.text.matches('{'.?' * 48}c')",
            f"message.text.matches('(a|b)*a{'(a|b)' * 17}c')",
            f"message.text.matches('{'(.*)' * 24}c')",
        ],
    )
    @pytest.mark.parametrize("letters", ["a", "ab", "é漢🎉"])
    def test_the_longest_expression_on_the_longest_text_costs_little(
        self, language: ExpressionLanguage, text: str, letters: str
    ) -> None:
        written = "".join(itertools.islice(itertools.cycle(letters), _LONGEST))
        evaluate = ready(language, text)
        began = time.perf_counter()
        truth = evaluate({"message.text": written})
        assert time.perf_counter() - began < _ENOUGH_S
        assert truth is not None

    def test_the_same_text_is_compiled_once(self, language: ExpressionLanguage) -> None:
        assert language.compiled("time.hour > 7") is language.compiled("time.hour > 7")
