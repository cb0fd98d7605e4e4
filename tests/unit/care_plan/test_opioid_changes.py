"""OPI-01, OPI-06, OPI-07: what is begun or raised, methadone in its first week, and mental health."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.care_plan.v1.opioid import OpioidCheckRecorded
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.commands import FollowOpioids, LookAtOpioids, RecordCheck
from services.care_plan.opioid_check.states import Check, Followed, Unfollowed
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE, START, TARGET
from tests.unit.care_plan.opioids import SETTLED, TODAY, due, follow, followed, look, situation, takes
from tests.unit.care_plan.situations import PHARMACIST, some_id


def test_what_is_begun_or_raised_during_the_first_consultation_is_looked_at() -> None:
    during = replace(followed(), seen=False, begun=True)
    assert look(during, takes(20))["dose_change_review"].due_on == TODAY + timedelta(days=28)
    assert {"mme_reassessment", "dose_change_review"} <= {*look(during, takes(50))}
    higher = replace(followed(30), seen=False, begun=True)
    assert "dose_change_review" in look(higher, takes(40)) and "dose_change_review" not in look(
        higher, takes(30)
    )
    before = replace(followed(30), seen=False)
    assert "dose_change_review" not in look(before, takes(60))


def test_what_is_completed_asks_no_second_time_for_what_was_begun_in_it() -> None:
    during = situation(replace(followed(), seen=False, begun=True), takes(60))
    held = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=True)
    changed = {"dose_change_review", "mme_reassessment"}
    assert changed <= set(due(during.when(LookAtOpioids(patient_id=LANE)).only_facts))
    assert not changed & set(due(during.when(held).only_facts))


METHADONE = takes(60, opioids=("methadone",))


def days_of_looks(recorded_after: tuple[int, ...], now: Assessed = METHADONE) -> list[int]:
    """In days from the start: when methadone is to be looked at, where it was looked at after so many days."""
    course = situation(followed(), now)
    found = [due(course.when(LookAtOpioids(patient_id=LANE)).only_facts)["dose_change_review"]]
    for days in recorded_after:
        done = RecordCheck(check_id=found[-1].check_id, result="continued")
        made = course.when(START + timedelta(days=days), PHARMACIST, done).only_facts
        [recorded] = [each for each in made if isinstance(each, OpioidCheckRecorded)]
        again = due(made).get("dose_change_review")
        assert recorded.next_due == (again.due_on if again else None)
        if again is None:
            break
        found.append(again)
    return [(each.due_on - TODAY).days for each in found]


@pytest.mark.parametrize(
    ("recorded_after", "expected"),
    [
        ((), [3]),
        ((3,), [3, 6]),
        ((3, 6), [3, 6]),
        ((2, 4, 6), [3, 5, 7]),
        ((4, 7), [3, 7]),
        ((5,), [3]),
    ],
)
def test_methadone_is_looked_at_every_two_to_three_days_in_the_first_week(
    recorded_after: tuple[int, ...], expected: list[int]
) -> None:
    assert days_of_looks(recorded_after) == expected


def test_other_opioids_are_looked_at_once() -> None:
    assert days_of_looks((3,), takes(60)) == [7]


def test_methadone_that_is_begun_while_another_change_is_to_be_looked_at_makes_it_sooner() -> None:
    waiting = Check(some_id("one"), "dose_change_review", START, TODAY + timedelta(days=28))
    found = look(followed(20, settled=SETTLED, open=(waiting,)), METHADONE)["dose_change_review"]
    assert (found.check_id, found.due_on) == (waiting.id, TODAY + timedelta(days=3))
    later = replace(waiting, due_on=TODAY + timedelta(days=2))
    assert "dose_change_review" not in look(followed(20, settled=SETTLED, open=(later,)), METHADONE)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (takes(47, opioids=("methadone",)), 3),
        (takes(60, opioids=("methadone",)), 3),
        (takes(20, exposure="incomplete", opioids=("methadone", "oxycodone")), 3),
        (takes(60, opioids=("fentanyl",)), 7),
        (takes(20, opioids=("morphine",)), 28),
        (takes(0, opioids=("buprenorphine",), has_buprenorphine=True), 28),
        (takes(60, opioids=("fentanyl", "oxycodone")), 7),
        (takes(60), None),
        (takes(40), None),
    ],
)
def test_one_opioid_in_place_of_another_or_beside_it_is_a_start_though_the_dose_is_no_higher(
    now: Assessed, days: int | None
) -> None:
    found = look(followed(60, settled=SETTLED), now).get("dose_change_review")
    assert (found and found.due_on) == (None if days is None else TODAY + timedelta(days=days))
    assert "mme_reassessment" not in look(followed(60, settled=SETTLED), replace(now, exposure="complete"))


def test_methadone_that_takes_the_place_of_a_higher_dose_has_its_first_week() -> None:
    course = situation(followed(90, settled=SETTLED), takes(47, opioids=("methadone",)))
    first = due(course.when(LookAtOpioids(patient_id=LANE)).only_facts)["dose_change_review"]
    done = RecordCheck(check_id=first.check_id, result="continued")
    again = due(course.when(START + timedelta(days=3), PHARMACIST, done).only_facts)["dose_change_review"]
    assert (first.due_on, again.due_on) == (TODAY + timedelta(days=3), TODAY + timedelta(days=6))


def both(methadone: str, oxycodone: str, **more: Any) -> Assessed:
    """In MME of each; what both come to falls whenever oxycodone falls by more than methadone rises."""
    doses = ("methadone", Decimal(methadone)), ("oxycodone", Decimal(oxycodone))
    total = int(Decimal(methadone) + Decimal(oxycodone))
    return takes(total, opioids=("methadone", "oxycodone"), doses=doses, **more)


def before_both(methadone: str, oxycodone: str) -> Followed:
    known = both(methadone, oxycodone)
    return followed(int(known.mme_per_day or 0), settled=SETTLED, opioids=known.opioids, doses=known.doses)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (both("94", "30"), 3),
        (both("47.1", "30"), 3),
        (both("47", "120"), None),
        (both("47", "30"), None),
        (both("20", "120.1"), 3),
        (both("20", "60"), None),
    ],
)
def test_more_of_one_opioid_is_an_increase_though_another_falls_by_more(
    now: Assessed, days: int | None
) -> None:
    """OPI-06: of 47 and 120. Where methadone is one of them its days hold."""
    found = look(before_both("47", "120"), now).get("dose_change_review")
    assert (found and found.due_on) == (None if days is None else TODAY + timedelta(days=days))


def test_more_methadone_beside_less_of_another_has_its_first_week_and_crosses_no_limit() -> None:
    course = situation(before_both("47", "120"), both("94", "30"))
    made = due(course.when(LookAtOpioids(patient_id=LANE)).only_facts)
    assert "mme_reassessment" not in made, "OPI-01 is about what all of them come to"
    first = made["dose_change_review"]
    done = RecordCheck(check_id=first.check_id, result="continued")
    again = due(course.when(START + timedelta(days=3), PHARMACIST, done).only_facts)["dose_change_review"]
    assert (first.due_on, again.due_on) == (TODAY + timedelta(days=3), TODAY + timedelta(days=6))


def test_a_dose_that_nobody_knew_before_did_not_rise() -> None:
    """As in a journal of a release that kept none: what all come to says what it says."""
    unknown = replace(before_both("47", "120"), doses=())
    assert "dose_change_review" not in look(unknown, both("94", "30"))


def test_what_rose_is_noted_and_asked_about_once() -> None:
    course = situation(before_both("47", "120"), both("94", "30"))
    look_again = LookAtOpioids(patient_id=LANE)
    assert course.when(look_again).refusal is None
    assert dict(course.world.state.doses) == {"methadone": Decimal(94), "oxycodone": Decimal(30)}
    assert not course.when(look_again).only_facts


def test_where_the_risk_is_high_more_of_one_and_less_of_another_is_another_prescription() -> None:
    """OPI-15: though both come to the same as before."""
    assert "registry_check" in look(before_both("47", "120"), both("67", "100", intensified=True))


def test_where_nobody_knew_which_opioid_it_was_its_name_is_no_start() -> None:
    unnamed = followed(60, settled=SETTLED, opioids=())
    assert "dose_change_review" not in look(unnamed, takes(60, opioids=("methadone",)))


def test_who_is_looked_at_closely_is_looked_up_in_the_registry_with_another_opioid_of_the_same_dose() -> None:
    before = followed(60, settled=SETTLED)
    assert "registry_check" not in look(before, takes(60, opioids=("morphine",)))
    assert look(before, takes(60, opioids=("morphine",), intensified=True))["registry_check"].due_on == TODAY
    assert "registry_check" not in look(before, takes(60, intensified=True))


def test_who_has_mental_health_problems_is_reviewed_monthly_and_offered_no_naloxone_for_it() -> None:
    told = follow(takes(20, "mental_health"), seen=True)
    assert told["opioid_review"].due_on == TODAY + timedelta(days=30) and "naloxone_offer" not in told
    for low, days in ((("phq9",), 30), ((), 90)):
        begun = situation(Unfollowed(), takes(20), risk=Risk(low_mood=low))
        command = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=True)
        found = due(begun.when(command).only_facts)
        assert found["opioid_review"].due_on == TODAY + timedelta(days=days)
        assert "naloxone_offer" not in found
