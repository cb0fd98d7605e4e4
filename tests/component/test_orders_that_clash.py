"""MDT-03, row by row and from outside: exercise in the days of rest after a procedure, and two drugs that sedate (with
an opioid: OPI-05), whichever they are, whoever ordered them, under whatever record."""

from datetime import date
from typing import Any

import pytest

from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from schemas.referral.v1.referral import ReferralAccepted
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_one_person_two_records import both, merged
from tests.support.feed import PATIENT, REFERRAL
from tests.support.resting import GYM, RFA, ROOM, booked
from tests.support.ward import OTHER_PATIENT, OTHER_REFERRAL, PHYSIOTHERAPIST, Ward

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DRUGS = {
    "oxycodone": "7804",
    "tramadol": "10689",
    "diazepam": "3322",
    "lorazepam": "6470",
    "gabapentin": "25480",
    "pregabalin": "187832",
    "zolpidem": "39993",
    "carisoprodol": "2101",
    "naproxen": "7258",
}
RECORDS = (PATIENT, OTHER_PATIENT)


def listed(*drugs: str) -> MedicationsListed:
    items = (MedicationItem(code=DRUGS[each], code_system=RXNORM, as_needed=False) for each in drugs)
    return MedicationsListed(items=tuple(items), complete=True)


async def accepted(ward: Ward, **whose: Any) -> None:
    fact = ReferralAccepted(category="routine", target_date=date(2027, 3, 30), decided_by=PATIENT)
    await ward.feed.tell(fact, **whose)


async def with_list(*drugs: str) -> Ward:
    ward = await Ward(beside=(WORKLIST,)).open()
    await ward.feed.tell(listed(*drugs))
    await accepted(ward)
    return ward


def asked(ward: Ward) -> list[str]:
    """By which rule, each time that it was asked."""
    facts = (each.fact for each in ward.clinic.facts() if each.name == "opioid_check_fell_due")
    return [each["rule"] for each in facts if each["check"] == "co_prescription"]


@pytest.mark.parametrize(
    ("drugs", "rule"),
    [
        (("oxycodone", "diazepam"), "OPI-05"),
        (("oxycodone", "gabapentin"), "OPI-05"),
        (("tramadol", "pregabalin"), "OPI-05"),
        (("oxycodone", "zolpidem"), "OPI-05"),
        (("oxycodone", "carisoprodol"), "OPI-05"),
        (("diazepam", "gabapentin"), "MDT-03"),
        (("diazepam", "lorazepam"), "MDT-03"),
        (("gabapentin", "pregabalin"), "MDT-03"),
        (("oxycodone", "tramadol"), None),
        (("oxycodone",), None),
        (("gabapentin",), None),
        (("oxycodone", "naproxen"), None),
        (("diazepam", "naproxen"), None),
    ],
)
async def test_two_drugs_that_sedate_are_the_work_of_pharmacy(
    drugs: tuple[str, ...], rule: str | None
) -> None:
    ward = await with_list(*drugs)
    assert asked(ward) == ([rule] if rule else [])
    of_pharmacy = [each for each in await ward.clinic.queues() if each.startswith("pharmacy OPI_CHECK")]
    assert len([each for each in of_pharmacy if "03-04" in each]) == bool(rule), of_pharmacy


async def test_drugs_of_two_records_of_one_person_are_looked_at_together() -> None:
    ward = await with_list("diazepam")
    his: dict[str, Any] = {"patient": OTHER_PATIENT, "referral": OTHER_REFERRAL}
    await ward.feed.tell(listed("pregabalin"), **his)
    await accepted(ward, **his)
    assert asked(ward) == []
    await both(ward.feed, merged(*RECORDS), *RECORDS)
    assert asked(ward) == ["MDT-03"] * 2, "of each referral, once"


async def test_one_more_that_sedates_is_asked_about_again_and_one_less_is_not() -> None:
    ward = await with_list("oxycodone", "diazepam")
    check = next(each.fact for each in ward.clinic.facts() if each.fact.get("check") == "co_prescription")
    path = f"/referrals/{REFERRAL}/opioid-checks/{check['check_id']}/record"
    await ward.asks(path, result="documented")
    await ward.feed.tell(listed("oxycodone", "diazepam", "naproxen"))
    assert len(asked(ward)) == 1
    await ward.feed.tell(listed("oxycodone", "diazepam", "pregabalin"))
    assert len(asked(ward)) == 2
    await ward.feed.tell(listed("oxycodone", "pregabalin"))
    assert len(asked(ward)) == 2


KINDS = ("exercise", "exercise_programme", "graded_exercise", "home_programme", "hydrotherapy")


@pytest.mark.parametrize(
    ("kind", "day", "clashes"),
    [
        *((kind, "2027-03-10", True) for kind in KINDS),
        ("graded_exercise", "2027-03-09", False),
        ("graded_exercise", "2027-03-16", True),
        ("graded_exercise", "2027-03-17", False),
        ("manual_therapy", "2027-03-11", False),
        ("tens_trial", "2027-03-11", False),
        ("education", "2027-03-11", False),
    ],
)
async def test_what_is_exercise_is_not_held_in_the_days_of_rest(kind: str, day: str, clashes: bool) -> None:
    """The procedure is on 2027-03-10: that day and six more."""
    ward = await Ward(beside=(WORKLIST,)).open()
    ordered = {"discipline": "physiotherapy", "kind": kind, "sessions": 8}
    [activity] = (await ward.plan(activities=[ordered]))["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    await booked(ward, ROOM, "2027-03-10 10:00", "procedure", procedure_id=RFA)
    await booked(ward, GYM, f"{day} 16:00", activity_id=activity)
    assert len([row for row in ward.clinic.open() if "CONFLICT" in row]) == clashes
