"""Answers of the clinic in memory are held against the published documents: what differs is found."""

from typing import Any

import httpx
import pytest

from tests.support.promised import by_id, operation_of, unpromised

REFERRAL = "11111111-1111-4111-8111-111111111111"
PROBLEM = {"type": "urn:x", "title": "No", "status": 409, "detail": "Not now."}


def wrong(service: str, operation: str, status: int, body: Any, kind: str = "application/json") -> str | None:
    answer = httpx.Response(status, json=body, headers={"content-type": kind})
    return unpromised(service, by_id(service)[operation], answer)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (wrong("care_plan", "close_alert", 200, {"id": REFERRAL}), "required"),
        (wrong("care_plan", "close_alert", 201, {}), "no such status"),
        (wrong("care_plan", "close_alert", 409, PROBLEM), "application/json instead of"),
        (wrong("care_plan", "close_alert", 409, PROBLEM | {"title": 1}, "application/problem+json"), "title"),
        (wrong("worklist", "follow_queue", 200, {}), "instead of text/event-stream"),
    ],
)
def test_a_planted_answer_that_nobody_promised_is_found(found: str | None, said: str) -> None:
    assert found and said in found


def test_what_is_promised_is_right() -> None:
    assert wrong("care_plan", "close_alert", 409, PROBLEM, "application/problem+json") is None


def test_an_address_names_its_operation_and_a_literal_part_comes_before_one_that_may_be_anything() -> None:
    found = operation_of("care_plan", "GET", f"/safety-alerts/{REFERRAL}/actions")
    assert found and found.name == "get_alert_actions"
    assert operation_of("care_plan", "GET", "/nothing/like/this") is None
