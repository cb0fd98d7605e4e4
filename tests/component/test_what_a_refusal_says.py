"""A request that is refused changes nothing and calls nobody: where it carries a warning, the answer says so itself."""

from typing import Any

import pytest

from tests.component.test_every_warning_is_heard import alerts, asked, ward
from tests.support.on_call import OnCall
from tests.support.submissions import SPINE_CENTRE, a_patient, a_submission, flags
from tests.support.ward import Ward

__all__ = ["ward"]


@pytest.mark.parametrize(
    "broken",
    [
        {"answers": {"phq9": [0] * 8 + [2], "peg": [99999]}},
        {"answers": {"phq9": [0] * 8 + [2], "horoscope": [1]}},
        {"answers": {"phq9": [0] * 8 + [2]}, "mood": "low"},
        {"answers": {"phq9": [-1] * 8 + [2]}},
        {"answers": {"phq9": [0] * 8 + ["three"]}},
        {"answers": {"phq9": [0] * 8 + [0.5]}},
        {"answers": {"phq9": {"item_9": 3}}},
    ],
)
async def test_answers_that_are_refused_and_call_for_help_say_whom_to_call(ward: Ward, broken: Any) -> None:
    answer = await ward.tries(f"{await asked(ward, 'phq9')}/answers", **broken)
    assert answer.status_code == 422
    crisis = answer.json()["crisis"]
    assert (crisis["call_now"], crisis["emergency"]) == ("988", "911")
    assert "nobody was told" in crisis["what_to_do"]
    assert not alerts(ward)


@pytest.mark.parametrize(
    "broken",
    [{"answers": {"phq9": [9] * 8 + [0], "horoscope": [1]}}, {"answers": [3] * 9}, {}, {"answers": None}],
)
async def test_answers_that_are_refused_and_call_for_nobody_say_what_is_wrong(
    ward: Ward, broken: Any
) -> None:
    answer = await ward.tries(f"{await asked(ward, 'phq9')}/answers", **broken)
    assert answer.status_code == 422 and "crisis" not in answer.json() and answer.json()["errors"]


async def test_a_number_that_is_not_whole_is_refused_by_the_place_of_the_answer(ward: Ward) -> None:
    answer = await ward.tries(f"{await asked(ward, 'phq9')}/answers", answers={"phq9": [0] * 8 + [0.5]})
    assert answer.status_code == 422
    assert all(each["pointer"].startswith("/answers/phq9/8/") for each in answer.json()["errors"])


@pytest.mark.parametrize("whose", ["P-2", "P-1"])
async def test_a_referral_that_is_refused_for_whose_it_is_says_whom_to_call(whose: str) -> None:
    clinic = OnCall("2027-02-05 09:00").clinic
    await clinic.request("POST", "referral", "/referrals", "pcp", json=a_submission())
    sent = a_submission(red_flag_screen=flags(cauda_equina_neuro="yes")) | {"patient": a_patient(whose)}
    if whose == "P-1":
        sent["referrer"]["organisation_id"] = SPINE_CENTRE
    answer = await clinic.request("POST", "referral", "/referrals", "pcp", json=sent)
    assert answer.status_code == (409 if whose == "P-2" else 403)
    assert answer.json()["urgent"]["red_flags"] == {"cauda_equina_neuro": "emergency"}


async def test_answers_to_a_request_that_is_not_there_say_whom_to_call(ward: Ward) -> None:
    path = f"/measure-requests/{SPINE_CENTRE}/answers"
    answer = await ward.tries(path, answers={"phq9": [0] * 8 + [2]})
    assert answer.status_code == 404 and answer.json()["crisis"]["call_now"] == "988"
    answer = await ward.tries(path, answers={"phq9": [0] * 9})
    assert answer.status_code == 404 and "crisis" not in answer.json()


@pytest.mark.parametrize(("body", "status"), [(b"{", 422), (b'"' + b"x" * 2_000_000 + b'"', 413)])
async def test_what_can_t_be_read_at_all_says_whom_to_call_if_it_was_an_emergency(
    body: bytes, status: int
) -> None:
    clinic = OnCall("2027-02-05 09:00").clinic
    answer = await clinic.request("POST", "referral", "/referrals", "pcp", content=body)
    assert answer.status_code == status
    urgent = answer.json()["urgent"]
    assert urgent["red_flags"] == {} and "Nothing of this could be read" in urgent["what_to_do"]


@pytest.mark.parametrize("born", ["0", "2031-01-01"])
async def test_a_referral_that_is_refused_and_carries_a_red_flag_says_whom_to_call(born: str) -> None:
    clinic = OnCall("2027-02-05 09:00").clinic
    sent = a_submission(red_flag_screen=flags(cauda_equina_neuro="yes", infection="unknown"))
    sent["patient"]["birth_date"] = born
    answer = await clinic.request("POST", "referral", "/referrals", "pcp", json=sent)
    assert answer.status_code == 422
    urgent = answer.json()["urgent"]
    assert urgent["red_flags"] == {"cauda_equina_neuro": "emergency"} and urgent["emergency"] == "911"
    assert "nobody was told" in urgent["what_to_do"]
    sent["answers"]["red_flag_screen"] = flags()
    answer = await clinic.request("POST", "referral", "/referrals", "pcp", json=sent)
    assert answer.status_code == 422 and "urgent" not in answer.json()
