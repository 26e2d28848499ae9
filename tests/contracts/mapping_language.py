"""What every language of mappings must do."""

from typing import Any

import pytest

from application.ports.mapping_language import MappingLanguage
from domain.mapping_expression import Effort, ExpressionFailed, ExpressionRefused, TooCostly

_DOCUMENT = {
    "type": "gps",
    "empty": [],
    "zero": 0,
    "no": False,
    "points": [{"lat": 1.5, "ok": True}, {"lat": 2.5, "ok": False}, {"lon": 3, "ok": True}],
    "odd name": {"a.b": 1},
    "nested": [[1, 2], [3], 4],
}


def found(language: MappingLanguage, text: str, document: Any = _DOCUMENT) -> Any:
    return language.expression(text)(document, Effort.for_document(10_000))


class MappingLanguageContract:
    PORT = MappingLanguage
    ADAPTER: type

    @pytest.fixture
    def language(self) -> MappingLanguage:
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("type", "gps"),
            ("nothing", None),
            ("type.nothing", None),
            ("points[0].lat", 1.5),
            ("points[-1].lon", 3),
            ("points[7].lat", None),
            ("points[*].lat", [1.5, 2.5]),
            ("points[?ok].lat", [1.5]),
            ("points[?lat > `2`].ok", [False]),
            ("points[1:].lon | [0]", 3),
            ('"odd name"."a.b"', 1),
            ('"odd name".*', [1]),
            ("nested[]", [1, 2, 3, 4]),
            ("[type, zero]", ["gps", 0]),
            ("{a: type, b: nested[2]}", {"a": "gps", "b": 4}),
            ("nothing || type", "gps"),
            ("empty || type", "gps"),
            ("zero || type", 0),
            ("no || type", "gps"),
            ("type && zero", 0),
            ("!type", False),
            ("!zero", False),
            ("!empty", True),
            ("type == 'gps'", True),
            ("zero == no", False),
            ("type > zero", None),
            ("points == points", True),
            ("length(points)", 3),
            ("max_by(points[?lat], &lat).lat", 2.5),
            ("sort_by(points[?lat], &lat)[0].lat", 1.5),
            ("map(&lat, points)", [1.5, 2.5, None]),
            ("join('-', [type, 'x'])", "gps-x"),
            ("to_number('12')", 12),
            ('`{"a": [1]}`', {"a": [1]}),
            ("@.type", "gps"),
        ],
    )
    def test_what_is_found(self, language: MappingLanguage, text: str, value: Any) -> None:
        result = found(language, text)
        assert result == value
        assert type(result) is type(value)

    @pytest.mark.parametrize(
        ("text", "column", "word"),
        [
            ("", 0, "empty"),
            ("a.", 3, "expected"),
            ("a[?b == ]", 9, "expected"),
            ("a[0", 4, "early"),
            ("a b", 3, "`b`"),
            ("a]", 2, "`]`"),
            ("a[?b=1]", 5, "'='"),
            ("'abc", 1, "unclosed"),
            ("a.length(b, c)", 3, "takes 1 argument, not 2"),
            ("a.lenght(b)", 3, "there is no lenght()"),
            ("sort_by(a, b)", 1, "`&`"),
            ("length(&a)", 1, "`&`"),
            ("&a", 0, "`&`"),
            ("a[::0]", 0, "step"),
            ("!" * 400 + "a", 0, "deep"),
            ("(" * 4_000 + "a" + ")" * 4_000, 0, "deep"),
            ("a[" + "9" * 5_000 + "]", 0, "long"),
            ("[@, @, @] | [@, @, @] | [@, @, @] | [@, @, @]", 0, "81 times"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_place(
        self, language: MappingLanguage, text: str, column: int, word: str
    ) -> None:
        with pytest.raises(ExpressionRefused) as refused:
            language.expression(text)
        assert refused.value.column == column
        assert word in refused.value.reason

    @pytest.mark.parametrize(
        "text", ["sum(type)", "sort_by(points, &lat)", "length(zero)", "to_string(@) | abs(@)"]
    )
    def test_what_a_document_does_not_fit_says_why(
        self, language: MappingLanguage, text: str
    ) -> None:
        with pytest.raises(ExpressionFailed) as failed:
            found(language, text)
        assert "() takes " in str(failed.value)

    @pytest.mark.parametrize("text", ["ceil(@)", "floor(@)"])
    def test_numbers_beyond_all_numbers(self, language: MappingLanguage, text: str) -> None:
        with pytest.raises(ExpressionFailed):
            found(language, text, float("inf"))

    @pytest.mark.parametrize(
        "text",
        [
            "[@, @][] | [@, @][] | [@, @][] | [@, @][] | [@, @][]",
            " | ".join(["[?@]"] * 30),
            "join(@[0], @)",
            "[" + ", ".join(["contains(@, @)"] * 30) + "]",
            "sort(@) | sort(@) | sort(@) | sort(@) | sort(@) | sort(@) | sort(@) | sort(@)",
        ],
    )
    def test_what_would_take_too_long_ends(self, language: MappingLanguage, text: str) -> None:
        expression = language.expression(text)
        effort = Effort(left=50_000, whole=2_000)
        with pytest.raises(TooCostly):
            expression(["x" * 50_000, *["y"] * 20_000], effort)

    def test_an_expression_is_used_again_and_again(self, language: MappingLanguage) -> None:
        expression = language.expression("points[?ok].{a: lat}")
        first = expression(_DOCUMENT, Effort.for_document(100))
        assert expression(_DOCUMENT, Effort.for_document(100)) == first == [{"a": 1.5}, {"a": None}]
