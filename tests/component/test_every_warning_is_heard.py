"""A warning is heard whatever carries it, raised again when it comes again, holds for all referrals of a patient."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from services.care_plan.measures.reactions import request_id
from tests.support.feed import PATIENT, REFERRAL
from tests.support.ward import COORDINATOR, EXERCISE, GOAL, HERS, LEAVING, RECEIVED, Ward

SECOND: dict[str, Any] = {"patient_id": PATIENT, "referral_id": derive(ROOT, "her second referral")}
PLAN: dict[str, Any] = {"goals": [GOAL], "activities": [EXERCISE]}
POSITIVE = {"phq9": [0] * 8 + [3]}
ASKED: dict[str, Any] = {"occasion": "review", "due_on": "2027-03-20", **HERS}
NURSE = "nora.quinn"
SPOKEN = {"kind": "post_procedure_24_72h", "result": "spoken", **HERS}


@pytest.fixture
async def ward() -> Ward:
    ward = await Ward().open()
    await ward.feed.tell(RECEIVED, patient=PATIENT, referral=SECOND["referral_id"])
    return ward


async def asked(ward: Ward, *instruments: str) -> str:
    """The path of a request."""
    made = await ward.asks("/measure-requests", **ASKED, instruments=list(instruments))
    return f"/measure-requests/{made['request_id']}"


async def answered(ward: Ward) -> str:
    path = await asked(ward, "phq9")
    await ward.asks(f"{path}/answers", answers={"phq9": [0] * 9})
    return path


async def declined(ward: Ward) -> str:
    path = await asked(ward, "phq9")
    await ward.asks(f"{path}/decline")
    return path


async def not_sent_yet(ward: Ward) -> str:
    later = derive(ROOT, "a visit in June")
    await ward.book(later, on="2027-06-01 10:00", referral=SECOND["referral_id"])
    return f"/measure-requests/{request_id(SECOND['referral_id'], 'baseline')}"


async def of_another_instrument(ward: Ward) -> str:
    return await asked(ward, "peg")


@pytest.mark.parametrize("carrier", [answered, declined, not_sent_yet, of_another_instrument])
async def test_a_positive_answer_is_heard_whatever_carries_it(ward: Ward, carrier: Any) -> None:
    path = await carrier(ward)
    assert not alerts(ward)
    told = await ward.asks(f"{path}/answers", answers=POSITIVE)
    assert told["crisis"]["call_now"] and told["set_aside"] == ["phq9"] and told["scores"] == []
    [alert] = alerts(ward)
    assert alert.fact["code"] == "suicide_risk"


async def test_a_fraction_above_none_is_a_positive_answer_and_no_score(ward: Ward) -> None:
    """A decimal may stand where a score stands already: so it may come in for item 9, too."""
    told = await ward.asks(f"{await asked(ward, 'phq9')}/answers", answers={"phq9": [0] * 8 + ["0.5"]})
    assert told["crisis"]["call_now"] and told["scores"] == []
    [alert] = alerts(ward)
    assert alert.fact["code"] == "suicide_risk"
    assert ward.last("measure_not_scored").fact["reason"] == "out_of_range"


async def test_what_was_asked_for_beside_a_positive_answer_is_scored(ward: Ward) -> None:
    path = await asked(ward, "peg")
    told = await ward.asks(f"{path}/answers", answers={**POSITIVE, "peg": [8, 7, 6]})
    assert told["scores"] == [{"instrument": "peg", "score": "7"}] and told["set_aside"] == ["phq9"]
    assert len(alerts(ward)) == 1


async def test_what_was_not_asked_for_and_calls_for_nobody_is_refused(ward: Ward) -> None:
    path = await asked(ward, "peg")
    assert await ward.refuses(f"{path}/answers", answers={"phq9": [3] * 8 + [0]}) == "not-asked"


async def test_a_second_positive_answer_raises_the_open_alert_again(ward: Ward) -> None:
    for path in (await asked(ward, "phq9"), await answered(ward)):
        await ward.asks(f"{path}/answers", answers=POSITIVE)
        alert = f"/safety-alerts/{alerts(ward)[-1].subject}"
        assert (await ward.asks(f"{alert}/acknowledge"))["status"] == "acknowledged"
    first, second = alerts(ward)
    assert first.subject == second.subject and first.fact["subject_id"] != second.fact["subject_id"]


@pytest.mark.parametrize(
    ("sign", "code", "queue", "severity"),
    [
        ("bladder_dysfunction", "post_procedure_warning", "medical", "emergency"),
        ("fever", "post_procedure_warning", "medical", "emergency"),
        ("suicidal_thoughts", "suicide_risk", "psychology", "same_day"),
    ],
)
async def test_a_warning_sign_that_a_nurse_hears_of_is_an_alert(
    ward: Ward, sign: str, code: str, queue: str, severity: str
) -> None:
    await ward.asks("/contacts", NURSE, **SPOKEN, warnings=[sign])
    [alert] = alerts(ward)
    found = [alert.fact[name] for name in ("code", "queue", "severity")]
    assert found == [code, queue, severity]


async def test_a_call_without_warning_signs_raises_nothing(ward: Ward) -> None:
    await ward.asks("/contacts", NURSE, **SPOKEN, warnings=[])
    assert not alerts(ward)


async def test_an_alert_holds_for_every_referral_of_the_patient(ward: Ward) -> None:
    path = await asked(ward, "phq9")
    await ward.asks(f"{path}/answers", answers=POSITIVE)
    other = await ward.plan(**SECOND)
    activated = ward.last("plan_activated").fact
    assert (activated["high_risk"], activated["review_due"]) == (True, "2027-03-25")
    away = await ward.comes_to_discharge(other["plan_id"])
    assert await ward.refuses(away, **LEAVING) == "open-safety-alert"
    alert = f"/safety-alerts/{alerts(ward)[0].subject}"
    await ward.asks(f"{alert}/assess", result="safety_plan", note="Spoke for an hour.")
    assert await ward.refuses(away, **LEAVING) == "open-safety-alert"
    await ward.asks(f"{alert}/close")
    await ward.asks(away, **LEAVING)


async def test_who_is_at_risk_is_looked_at_after_four_weeks_also_after_the_first_review(ward: Ward) -> None:
    await listed(ward, "40")
    plan = await ward.plan()
    assert ward.last("plan_activated").fact["high_risk"] is True
    await ward.clinic.at("2027-03-10 09:00")
    await ward.asks(f"/plans/{plan['plan_id']}/review", result="continue", next_review="2027-06-01")
    await ward.clinic.at("2027-04-07 23:00")
    assert not [fact for fact in ward.clinic.facts() if fact.name == "mdt_case_requested"]
    await ward.clinic.at("2027-04-08 23:00")
    assert ward.last("mdt_case_requested").fact["reason"] == "MDT-01"


async def test_whose_risk_begins_between_two_reviews_is_looked_at_sooner(ward: Ward) -> None:
    await ward.plan()
    assert ward.last("plan_activated").fact["high_risk"] is False
    await ward.clinic.at("2027-04-20 09:00")
    path = await asked(ward, "phq9")
    await ward.asks(f"{path}/answers", answers=POSITIVE)
    await ward.clinic.at("2027-04-21 09:00")
    assert ward.last("mdt_case_requested").fact["reason"] == "MDT-01"


async def listed(ward: Ward, dose: str | None, **more: Any) -> None:
    """Oxycodone, three times a day."""
    drug: dict[str, Any] = {"code": "7804", "code_system": "http://www.nlm.nih.gov/research/umls/rxnorm"}
    drug |= {"dose": dose, "dose_unit": "mg", "per_day": "3", "route": "oral", "as_needed": False}
    items = (MedicationItem(**drug | more),) if dose else ()
    await ward.feed.tell(MedicationsListed(items=items, complete=True), patient=PATIENT, referral=REFERRAL)


@pytest.mark.parametrize(
    ("dose", "more", "risky"),
    [
        ("40", {}, True),
        ("5", {}, False),
        ("5", {"route": "intrathecal"}, True),
        ("5", {"code_system": "urn:our-hospital:formulary"}, True),
        (None, {}, False),
    ],
)
async def test_a_dose_that_is_high_or_not_known_is_a_risk_for_every_referral(
    ward: Ward, dose: str | None, more: dict[str, str], risky: bool
) -> None:
    await listed(ward, dose, **more)
    await ward.plan(**SECOND)
    assert ward.last("plan_activated").fact["high_risk"] is risky


async def test_what_is_not_known_of_a_dose_is_a_risk_until_a_clinician_says_what_it_is(ward: Ward) -> None:
    await listed(ward, "5", route="intrathecal")
    path, said = f"/patients/{PATIENT}/opioid-exposure", {"mme_per_day": "20", "has_buprenorphine": False}
    assert (await ward.tries(path, COORDINATOR, **said)).status_code == 403
    await ward.asks(path, NURSE, **said)
    told = ward.last("opioid_exposure_assessed").fact
    assert (told["status"], told["mme_per_day"]) == ("complete", "20.0")
    await ward.plan()
    assert ward.last("plan_activated").fact["high_risk"] is False


def alerts(ward: Ward) -> list[Any]:
    return [fact for fact in ward.clinic.facts() if fact.name == "safety_alert_raised"]
