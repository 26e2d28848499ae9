"""Answers with items are read as the driver would read them."""

import asyncio
import base64
import json
from functools import cache
from typing import Any

import pytest
from aiobotocore.parsers import AioJSONParser
from botocore.exceptions import HTTPClientError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.dynamodb.plain_parsing import ItemParserFactory

_names = st.sampled_from(["pk", "sk", "v", "e", "B", "S", "Items"])
_values: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.binary(max_size=20).map(lambda raw: {"B": base64.b64encode(raw).decode()}),
        st.text(max_size=10).map(lambda text: {"S": text}),
        st.integers().map(lambda number: {"N": str(number)}),
    ),
    lambda inner: st.dictionaries(_names, inner, max_size=3).map(lambda held: {"M": held}),
    max_leaves=5,
)
_items = st.dictionaries(_names, _values, max_size=4)


@cache
def _model() -> Any:
    return ServiceModel(Loader().load_service_model("dynamodb", "service-2"), "dynamodb")


def _read(parser: Any, operation: str, status: int, body: bytes) -> Any:
    shape = _model().operation_model(operation).output_shape
    response = {"status_code": status, "headers": {"x-amzn-requestid": "one"}, "body": body}
    return asyncio.run(parser.parse(response, shape))


def _both(operation: str, status: int, answer: object) -> tuple[Any, Any]:
    body = json.dumps(answer).encode()
    ours = _read(ItemParserFactory().create_parser("json"), operation, status, body)
    return ours, _read(AioJSONParser(), operation, status, body)


@given(st.lists(_items, max_size=3), _items)
def test_a_query_is_read_as_the_driver_reads_it(
    items: list[dict[str, Any]], last: dict[str, Any]
) -> None:
    consumed = {"TableName": "fieldpost", "CapacityUnits": 1.5}
    answer = {
        "Items": items,
        "Count": len(items),
        "LastEvaluatedKey": last,
        "ConsumedCapacity": consumed,
    }
    ours, drivers = _both("Query", 200, answer)
    assert ours == drivers


@given(_items)
def test_an_item_is_read_as_the_driver_reads_it(item: dict[str, Any]) -> None:
    ours, drivers = _both("GetItem", 200, {"Item": item})
    assert ours == drivers


def test_an_item_that_is_not_there_is_not_there() -> None:
    ours, drivers = _both("GetItem", 200, {})
    assert ours == drivers
    assert "Item" not in ours


def test_a_failure_is_the_drivers_to_read() -> None:
    said = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}
    ours, drivers = _both("Query", 400, said)
    assert ours == drivers
    assert ours["Error"]["Code"] == "ThrottlingException"


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"Items": [', b"\xff", b'{"Items": [{"e": {"B": "x"}}]}']
)
def test_what_cannot_be_read_is_no_answer(body: bytes) -> None:
    """The driver would take some of them for an answer without items."""
    with pytest.raises(HTTPClientError):
        _read(ItemParserFactory().create_parser("json"), "Query", 200, body)
