"""Whoever may write a topic says facts of its owner: those of another are no facts, whatever their headers say."""

from datetime import UTC, datetime

import msgspec
import pytest

from backbone.log.arrivals import Arrivals
from backbone.log.records import Record
from backbone.model import Actor, Head
from backbone.model.wire import Unparsable, headers_of
from tests.support.sample import SAMPLE

AT = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
ID = "11111111-1111-4111-8111-111111111111"
VALUE = msgspec.json.encode({"type": "outside.happened.v1", "box": ID, "what": "open", "group": "g"})


def said(topic: str, origin: str) -> Exception | None:
    """What is wrong with `outside.happened.v1` there."""
    head = Head(ID, "outside.happened.v1", origin, AT, AT, "thing", ID, 1, 1, ID, None, ID, ID, Actor("user"))
    headers = [(name, text.encode()) for name, text in msgspec.json.decode(headers_of(head)).items()]
    [arrival] = Arrivals(SAMPLE).read(topic, 0, [Record(0, ID.encode(), VALUE, headers, 0)])
    return arrival.error


def test_a_service_is_believed_on_its_own_topic():
    assert said("outside.events", "outside") is None


@pytest.mark.parametrize(
    ("topic", "origin"),
    [("sample.events", "outside"), ("sample.events", "sample"), ("outside.events", "sample")],
)
def test_a_fact_of_another_is_none(topic: str, origin: str):
    assert isinstance(said(topic, origin), Unparsable)
