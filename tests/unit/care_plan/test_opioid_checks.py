"""OPI-01 to OPI-15: what a patient's opioids ask staff to do, when it is asked again, and what ends it."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from msgspec.structs import replace

from schemas.care_plan.v1.codes import CHECK_RESULT, OPIOID_CHECK
from schemas.care_plan.v1.opioid import OpioidCheckRecorded
from services.care_plan.history.states import History
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.commands import (
    AskAgain,
    EndChecks,
    FollowOpioids,
    LookAtOpioids,
    RecordCheck,
)
from services.care_plan.opioid_check.facts import OpioidsLookedAt
from services.care_plan.opioid_check.states import Check, Ended, Settled
from tests.support.deciding import LANE, TARGET, nothing, refused
from tests.unit.care_plan.opioids import (
    NOTHING,
    SETTLED,
    TODAY,
    due,
    follow,
    followed,
    look,
    situation,
    takes,
)
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import COORDINATOR, OUTSIDERS, PHARMACIST, rules, some_id


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOTHING, set()),
        (takes(20), set()),
        (takes(50), {"naloxone_offer"}),
        (takes(20, "overdose"), {"naloxone_offer"}),
        (takes(0, "benzodiazepine", has_buprenorphine=True), {"naloxone_offer", "co_prescription"}),
        (takes(20, "cns_depressant"), {"naloxone_offer", "co_prescription"}),
        (takes(None, exposure="incomplete"), {"naloxone_offer"}),
        (takes(None, "benzodiazepine", exposure="incomplete", opioids=()), set()),
        (takes(20, exposure="incomplete", opioids=()), {"naloxone_offer"}),
    ],
)
def test_from_acceptance_on_who_is_at_risk_is_offered_naloxone(now: Assessed, expected: set[str]) -> None:
    assert set(follow(now, seen=False)) == expected


NO_RESPONSE = History(scores=(peg(20, "review", responder=False),))
LONG_TERM = {"opioid_review", "registry_check", "toxicology", "treatment_agreement"}


def test_from_the_first_consultation_on_every_check_counts() -> None:
    found = follow(takes(20), seen=True)
    assert set(found) == LONG_TERM
    assert (found["registry_check"].due_on, found["registry_check"].rule) == (TODAY, "OPI-08")
    assert (found["opioid_review"].due_on, found["opioid_review"].rule) == (in_months(3), "OPI-07")
    assert found["toxicology"].due_on == found["treatment_agreement"].due_on == TODAY + timedelta(days=14)


def test_the_registry_is_looked_into_from_the_beginning_of_the_first_consultation_on() -> None:
    assert set(follow(takes(20), seen=False, begun=True)) == {"registry_check"}
    assert not follow(NOTHING, seen=False, begun=True)
    begun = replace(followed(20), seen=False, begun=True, settled=(Settled("registry_check", in_months(3)),))
    command = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=True)
    later = due(situation(begun, takes(20)).when(command).only_facts)
    assert set(later) == LONG_TERM - {"registry_check"}


def test_the_first_review_of_whoever_is_at_risk_is_due_in_a_month() -> None:
    for now, rule in ((takes(50), "OPI-07"), (takes(20, intensified=True), "OPI-15")):
        found = follow(now, seen=True)["opioid_review"]
        assert (found.due_on, found.rule) == (TODAY + timedelta(days=30), rule)


@pytest.mark.parametrize("dose", [20, 40])
def test_under_the_closer_look_every_other_dose_asks_for_the_registry_and_the_same_does_not(
    dose: int,
) -> None:
    known = followed(30, settled=SETTLED)
    found = look(known, takes(dose, intensified=True))["registry_check"]
    assert (found.due_on, found.rule) == (TODAY, "OPI-15")
    assert "registry_check" not in look(known, takes(dose))
    assert "registry_check" not in look(known, takes(30, intensified=True))


def in_months(months: int) -> date:
    return TODAY + relativedelta(months=months)


def test_a_dose_that_cannot_be_told_is_somebodys_work_even_where_no_opioid_is_known() -> None:
    unknown = takes(None, exposure="incomplete", opioids=())
    assert set(follow(unknown, seen=True)) == {"mme_reassessment"}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (45, takes(50), {"mme_reassessment", "naloxone_offer", "dose_change_review"}),
        (60, takes(50), {"naloxone_offer"}),
        (20, takes(30), {"dose_change_review"}),
        (30, takes(30), set()),
        (30, NOTHING, set()),
    ],
)
def test_a_dose_that_rises_is_looked_at_again(before: int, now: Assessed, expected: set[str]) -> None:
    known = followed(before, settled=tuple(each for each in SETTLED if each.check in LONG_TERM))
    assert set(look(known, now)) == expected


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (takes(30), 28),
        (takes(50), 7),
        (takes(30, opioids=("fentanyl",)), 7),
        (takes(60, opioids=("methadone", "fentanyl")), 3),
    ],
)
def test_how_soon_a_higher_dose_is_looked_at_depends_on_the_drug(now: Assessed, days: int) -> None:
    assert look(followed(20), now)["dose_change_review"].due_on == TODAY + timedelta(days=days)


def test_a_start_after_the_consultation_is_looked_at() -> None:
    assert "dose_change_review" in look(followed(), takes(20))


def test_who_begins_with_a_high_dose_has_crossed_the_limit_upward_too() -> None:
    assert "mme_reassessment" in look(followed(), takes(50))
    assert "mme_reassessment" not in look(followed(), takes(49))


def test_what_somebody_has_to_do_or_did_is_not_asked_twice() -> None:
    known = followed(60, settled=SETTLED[1:], open=(Check(some_id("one"), "naloxone_offer"),))
    assert situation(known, takes(60)).when(LookAtOpioids(patient_id=LANE)).only_facts == []


def test_what_was_done_is_asked_at_once_when_its_reason_comes_back() -> None:
    settled = (*SETTLED, Settled("co_prescription"))
    gone = situation(followed(60, settled=settled), takes(60)).when(LookAtOpioids(patient_id=LANE))
    assert "co_prescription" in look(followed(60, settled=SETTLED), takes(60, "benzodiazepine"))
    [said] = [each for each in gone.only_facts if isinstance(each, OpioidsLookedAt)]
    assert said.dropped == ("co_prescription",)


@pytest.mark.parametrize(
    ("check", "now", "result", "later"),
    [
        ("naloxone_offer", takes(60), "declined", {"months": 3}),
        ("registry_check", takes(20), "as_expected", {"days": 90}),
        ("registry_check", takes(20, intensified=True), "as_expected", {"days": 90}),
        ("toxicology", takes(20), "as_expected", {"months": 12}),
        ("toxicology", takes(20, intensified=True), "as_expected", {"months": 3}),
        ("treatment_agreement", takes(20), "signed", {"months": 12}),
        ("opioid_review", takes(20), "continued", {"months": 3}),
        ("opioid_review", takes(50), "continued", {"days": 30}),
        ("opioid_review", takes(20, intensified=True), "continued", {"days": 30}),
        ("co_prescription", takes(20, "benzodiazepine"), "prescribers_warned", None),
        ("co_prescription", takes(20, "benzodiazepine"), "documented", None),
        ("mme_reassessment", takes(60), "continued", None),
    ],
)
def test_a_check_that_was_done_is_asked_again_after_its_interval(
    check: str, now: Assessed, result: str, later: dict[str, Any] | None
) -> None:
    [recorded] = record(check, now, result)
    assert isinstance(recorded, OpioidCheckRecorded)
    assert recorded.next_due == (TODAY + relativedelta(**later) if later else None)


def record(check: str, now: Assessed, result: str, history: History | None = None, **more: Any) -> Any:
    known = followed(20, settled=SETTLED, open=(Check(some_id("one"), check),))
    command = RecordCheck(check_id=some_id("one"), result=result, **more)
    return situation(known, now, history=history).when(PHARMACIST, command).only_facts


@pytest.mark.parametrize(
    ("check", "result", "more", "asked"),
    [
        ("toxicology", "unexpected", {}, "unexpected_finding"),
        ("registry_check", "unexpected", {}, "unexpected_finding"),
        ("opioid_review", "continued", {"criteria": 2}, "oud_assessment"),
        ("opioid_review", "continued", {"criteria": 1}, None),
        (
            "opioid_review",
            "continued",
            {"history": History(scores=(peg(20, "review", responder=False),))},
            "no_benefit_discussion",
        ),
        (
            "opioid_review",
            "continued",
            {"history": History(scores=(peg(20, "review", responder=True),))},
            None,
        ),
        (
            "opioid_review",
            "taper_agreed",
            {"history": History(scores=(peg(20, "review", responder=False),))},
            None,
        ),
    ],
)
def test_what_a_check_finds_is_the_next_work(check: str, result: str, more: Any, asked: str | None) -> None:
    assert set(due(record(check, takes(20), result, **more))) == ({asked} if asked else set())


@pytest.mark.parametrize(
    ("check", "found", "on"),
    [
        ("mme_reassessment", lambda: look(followed(45), takes(50)), "2027-01-11"),
        ("naloxone_offer", lambda: look(followed(20), takes(20, "overdose")), "2027-01-06"),
        ("co_prescription", lambda: look(followed(20), takes(20, "benzodiazepine")), "2027-01-11"),
        ("acute_supply", lambda: follow(takes(20, long_supply=True), seen=True), "2027-01-06"),
        ("unexpected_finding", lambda: due(record("toxicology", takes(20), "unexpected")), "2027-01-06"),
        (
            "oud_assessment",
            lambda: due(record("opioid_review", takes(20), "continued", criteria=2)),
            "2027-01-11",
        ),
        (
            "no_benefit_discussion",
            lambda: due(record("opioid_review", takes(20), "continued", history=NO_RESPONSE)),
            "2027-01-18",
        ),
    ],
)
def test_what_is_asked_for_has_the_days_that_its_rule_leaves(check: str, found: Any, on: str) -> None:
    """Today is Monday, 2027-01-04."""
    assert found()[check].due_on == date.fromisoformat(on)


def test_nothing_recurs_sooner_than_a_week_before_its_date() -> None:
    """`opioid.check_lead_days`"""
    on = TODAY + timedelta(days=8)
    others = (each for each in SETTLED if each.check != "registry_check")
    known = followed(60, settled=(*others, Settled("registry_check", on)))
    looked = situation(known, takes(60)).when(AskAgain(due_on=on))
    assert looked.only_facts == []
    [announced] = {timer.due for timer in situation(known, takes(60)).when().timers.values()}
    assert announced == rules().calendar.daily(TODAY + timedelta(days=1))


@pytest.mark.parametrize("left", [0, 7])
def test_a_check_recurs_some_days_before_its_date(left: int) -> None:
    on = TODAY + timedelta(days=left)
    others = (each for each in SETTLED if each.check != "registry_check")
    known = followed(60, settled=(*others, Settled("registry_check", on)))
    found = due(situation(known, takes(60)).when(AskAgain(due_on=on)).only_facts)
    assert {check: fact.due_on for check, fact in found.items()} == {"registry_check": on}


def test_what_is_not_a_result_of_the_check_is_refused_and_only_clinicians_record() -> None:
    known = followed(20, open=(Check(some_id("one"), "toxicology"),))
    situation(known, takes(20)).when(PHARMACIST, RecordCheck(check_id=some_id("one"), result="signed")).then(
        refused("toxicology", code="not-a-result")
    )
    situation(known, takes(20)).when(
        PHARMACIST, RecordCheck(check_id=some_id("other"), result="as_expected")
    ).then(refused("not open", code="check-not-open"))
    for person in (*OUTSIDERS, COORDINATOR):
        done = RecordCheck(check_id=some_id("one"), result="as_expected")
        situation(known, takes(20)).when(person, done).then(refused("a clinician"))


def test_a_word_of_earlier_releases_stays_readable_and_is_not_recorded_any_more() -> None:
    assert "expected" in CHECK_RESULT
    assert all("expected" not in each for each in rules().opioid.checks.values.results.values())


def test_with_the_referral_the_checks_end() -> None:
    known = followed(60, settled=SETTLED)
    over = situation(known, takes(60)).when(EndChecks())
    assert situation(known, takes(60)).when(LookAtOpioids(patient_id=LANE)).timers and not over.timers
    situation(Ended(), takes(60)).when(LookAtOpioids(patient_id=LANE)).then(nothing())


def test_every_check_that_falls_due_has_results_that_may_be_recorded() -> None:
    rules_of = rules().opioid.checks.values.results
    assert set(OPIOID_CHECK) == set(rules_of) and all(rules_of.values())
