"""A hard day: a death under a merged record, withdrawals, a referral in error, one sent again, one that is changed
after triage, consent taken back."""

from typing import Any

import pytest

from tests.support.front_desk import SHOULDER
from tests.support.hard_days import (
    CORA,
    FAY,
    INES,
    NURSE,
    PAUL,
    PRIYA,
    HardDay,
)
from tests.support.submissions import OXYCODONE, flags

pytestmark = pytest.mark.wide
EXERCISE: dict[str, Any] = {"discipline": "physiotherapy", "kind": "graded_exercise", "sessions": 2}


async def test_a_day_of_the_dead_and_the_withdrawn() -> None:
    day = HardDay("2027-02-01 08:00")
    for name in ("Liv", "Lou", "Max", "Nia", "Ona", "Oz", "Quin"):
        await day.refers(name, **(SHOULDER if name in ("Lou", "Oz") else {}))
        await day.triages(name)
    liv = await day.books("Liv", "2027-02-03 09:00")
    for name, when in (
        ("Lou", "11 09:00"),
        ("Ona", "11 10:30"),
        ("Oz", "12 10:30"),
        ("Nia", "15 09:00"),
        ("Max", "15 10:30"),
    ):
        await day.books(name, f"2027-02-{when}")
    await day.at("2027-02-03 08:50")
    consultation = await day.sees(liv)
    plan = await day.plans("Liv", EXERCISE)
    await day.does("care_plan", f"/activities/{plan['activity_ids'][0]}/accept", FAY)
    await day.books("Liv", "2027-02-10 09:00", "2027-02-12 09:00", login=FAY, purpose="session")
    await day.at("2027-02-08 08:30")
    for surviving, merged in (("Lou", "Liv"), ("Ona", "Oz")):
        path = f"/patients/{day.patient[surviving]}/merge"
        await day.does("referral", path, INES, merged_id=day.patient[merged])
    await day.answers("Liv", phq9=[1] * 9)
    assert await day.called() == [PRIYA]

    # Consent is taken back in one record of a person who has two: no text goes to either (NOT-01, PRV-21)
    consents = f"/patients/{day.patient['Oz']}/consents"
    await day.does("notifications", consents, INES, channel="sms", given=False)

    # Asked for by telephone: the visit stands until a coordinator confirms, nothing more is offered
    nia = f"/referrals/{day.referral['Nia']}"
    await day.does("referral", f"{nia}/cancellation-requests", CORA, by="patient", reason="wait_too_long")
    assert [line for line in day.work("Nia") if "CANCEL_CONFIRM" in line and "wait_too_long" in line]
    assert not day.facts_of("appointment_cancelled")

    # Entered for the wrong patient: everything derived ends, and who had a date hears that it is off (X14)
    max_ = f"/referrals/{day.referral['Max']}"
    await day.does("referral", f"{max_}/entered-in-error", INES, reason="wrong_patient")
    assert day.work("Max") == [] and day.told("Max")[-1].endswith("APPT_CANCELLED sent")

    # The integrator sends one again: nothing changes. Then with new content: somebody reads it, and the flag is heard
    before = len(day.facts())
    await day.refers("Quin")
    assert len(day.facts()) == before
    await day.refers("Quin", medications=[OXYCODONE], red_flag_screen=flags(malignancy="yes"))
    work = {line.split()[1] for line in day.work("Quin")}
    assert work == {"BOOK_VISIT", "OPI_CHECK", "RED_FLAG", "REF_AMENDED"}
    assert day.last("opioid_exposure_assessed").fact["mme_per_day"] == "120.0"
    await day.does("referral", f"/referrals/{day.referral['Quin']}/amendment-review", NURSE)
    await day.called()

    # The family reports a death under the record that was merged away: it ends everything of both (NOT-14)
    await day.at("2027-02-08 10:01")
    path = f"/patients/{day.patient['Liv']}/death"
    await day.does("referral", path, CORA, source="family", died_on="2027-02-07")
    assert {await day.status("Liv"), await day.status("Lou")} == {"completed"}
    left = [line for name in ("Liv", "Lou") for line in day.work(name)]
    assert [line.split()[1] for line in left] == ["LETTER_SIGN"], "only the letter is still written"
    assert day.last("escalation_resolved").fact["subject_id"] == day.last("safety_alert_raised").subject
    assert day.last("patient_discharged").fact["reason"] == "DIED"
    said = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
    await day.does("care_plan", f"/consultations/{consultation}/letter/sign", PAUL, **said)
    assert [line for line in day.told("Liv") if "LETTER" in line and line.endswith("sent")] == [
        "02-08 10:01 DISCHARGE_LETTER sent",
        "02-08 10:01 OUTCOME_LETTER sent",
    ], "to the referrer, never to the patient"

    # What comes late about somebody who has died is nobody's work and calls nobody
    await day.called()
    late = f"/referrals/{day.referral['Liv']}/red-flags"
    await day.does("referral", late, NURSE, flag="infection", source="call")
    assert await day.called() == [] and day.work("Liv") == []

    # Nia's withdrawal is confirmed; later she is referred again, with a clock of its own
    await day.does("referral", f"{nia}/cancellation", CORA)
    assert day.work("Nia") == []
    await day.refers("Nia 2", predecessor_id=day.referral["Nia"])
    assert day.last("received").fact["clock_start"].startswith("2027-02-08")
    await day.at("2027-02-16 08:00")
    assert {line.split()[2] for line in day.told("Nia")} >= {
        "APPT_CANCELLED",
        "REF_DECLINED",
        "REF_DECLINED_PT",
    }
    for name in ("Ona", "Oz"):
        assert {"APPT_D3 suppressed opted_out", "APPT_D1 suppressed opted_out"} <= {
            line.partition(" ")[2].partition(" ")[2] for line in day.told(name)
        }
    assert not [line for line in day.told("Lou") if line > "02-08 10:01" and line.endswith("sent")]
    await day.ends()
