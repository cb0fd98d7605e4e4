"""A request that is refused changes nothing and calls nobody: where it carries a warning, the answer says so itself."""

from typing import Any

import pytest

from tests.component.test_every_warning_is_heard import alerts, asked, ward
from tests.support.on_call import OnCall
from tests.support.submissions import a_submission, flags
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
