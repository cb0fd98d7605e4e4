"""A request that is answered in parts: what was found in each of them is looked at, by the submission that it is of."""

from typing import Any

from services.worklist.service import SERVICE as WORKLIST
from tests.support.ward import HERS, Ward

SEVERE, LOW = [3] * 8 + [0], [0] * 10


async def answered(*parts: dict[str, list[int]]) -> tuple[Ward, list[str]]:
    """The submissions in which something was found."""
    ward = await Ward(beside=(WORKLIST,)).open()
    asked: dict[str, Any] = {"occasion": "review", "instruments": ["phq9", "pseq"], "due_on": "2027-03-10"}
    request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
    for part in parts:
        await ward.asks(f"/measure-requests/{request}/answers", answers=part)
    scored = [each.fact for each in ward.clinic.facts("care_plan") if each.name == "measure_scored"]
    return ward, [each["submission_id"] for each in scored if each["findings"]]


async def test_what_was_found_in_each_part_is_looked_at_whichever_came_last() -> None:
    ward, (first, second) = await answered({"phq9": SEVERE}, {"pseq": LOW})
    assert first != second
    for submission, finding, item in (
        (first, "phq9_severe", "SCORE_REVIEW"),
        (second, "pseq_low", "PSY_SUGGEST"),
    ):
        assert any(item in line for line in ward.clinic.open())
        path = f"/findings/{submission.upper()}/{finding}/review"
        await ward.asks(path, decision="looked_at")
        assert not any(item in line for line in ward.clinic.open())
        assert await ward.refuses(path, decision="looked_at") == "no-such-finding"


async def test_a_finding_of_the_other_part_is_none_of_this_one() -> None:
    ward, (first, second) = await answered({"phq9": SEVERE}, {"pseq": LOW})
    for submission, finding in ((first, "pseq_low"), (second, "phq9_severe")):
        path = f"/findings/{submission}/{finding}/review"
        assert await ward.refuses(path, decision="looked_at") == "no-such-finding"
