"""How an ordered procedure goes on: its date and whom that asks, that it was done, what it brought, its end."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOutcomeRecorded,
    ProcedurePerformed,
)
from services.care_plan.override.states import Asked, Decided
from services.care_plan.procedure.commands import (
    CancelProcedure,
    EndWithPlan,
    LookAtLimits,
    LoseDate,
    RecordOutcome,
    RecordPerformed,
    SetDate,
)
from services.care_plan.procedure.facts import LimitGone, LimitReached, ProcedureDated, ProcedureUndated
from services.care_plan.procedure.states import Ordered, Performed, Question
from services.care_plan.visit.states import Unknown
from tests.support.deciding import LANE, START, TARGET, like, nothing, refused, too_early
from tests.unit.care_plan.procedures import (
    TODAY,
    VISIT,
    a_visit,
    beside,
    known,
    ordered,
    situation,
)
from tests.unit.care_plan.situations import (
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    some_id,
)

BLOCKS = (known("mbb_ct", "2026-10-01", 90), known("mbb_ct", "2026-11-01", 90))
BEFORE = START - timedelta(minutes=30)


def on(day: int, version: int = 1, appointment: str = VISIT) -> SetDate:
    return SetDate(
        appointment_id=appointment, version=version, start=START.replace(year=2027, month=12, day=day)
    )


JUNE = known("rfa_ct", "2027-06-15", 90)


def test_limits_are_asked_for_again_for_the_real_day() -> None:
    others = beside(JUNE, *BLOCKS)
    situation(ordered(), others=others).when(on(14)).then(
        ProcedureDated, like(LimitReached, rule="PRC-02", coverage_risk="interval")
    )
    situation(ordered(), others=others).when(on(15)).then(ProcedureDated)


def asked(on_day: str = "2027-12-14") -> Question:
    return Question(rule="PRC-02", override_id=some_id("a question"), on=TODAY.fromisoformat(on_day))


QUESTION: dict[str, Any] = {"rule": "PRC-02", "role": "physician", "subject_id": TARGET}
REFUSED = Decided(granted=False, reason="not_justified", decided_by=LANE, **QUESTION)
GRANTED = Decided(granted=True, reason="clinical_need", decided_by=LANE, **QUESTION)


@pytest.mark.parametrize(
    ("answer", "day", "expected"),
    [
        (Asked(**QUESTION), 13, []),
        (GRANTED, 13, []),
        (REFUSED, 13, [LimitReached, LimitGone]),
        (REFUSED, 14, []),
        (REFUSED, 15, [LimitGone]),
        (Asked(**QUESTION), 15, [LimitGone]),
    ],
)
def test_who_was_asked_is_asked_again_only_where_a_refusal_was_for_another_day(
    answer: Any, day: int, expected: list[Any]
) -> None:
    others = beside(JUNE, *BLOCKS) | {("override", some_id("a question")): answer}
    state = ordered("rfa_ct", "2027-12-10", asked())
    made = situation(state, others=others).when(on(day, version=2)).only_facts
    assert [type(each) for each in made] == [ProcedureDated, *expected]


def four(**more: Any) -> tuple[Any, ...]:
    days = ("2027-03-10", "2027-06-01", "2027-09-01", "2027-12-01")
    return tuple(known("esi_il_lc", day, 60, **more) for day in days)


@pytest.mark.parametrize(
    ("sessions", "day", "expected"),
    [
        (4, "2027-12-14", [LimitReached]),
        (3, "2027-12-14", []),
        (4, "2028-03-10", []),
        (4, None, []),
    ],
)
def test_what_was_done_under_another_order_is_counted_before_this_one(
    sessions: int, day: str | None, expected: list[Any]
) -> None:
    state = ordered("esi_il_lc", day)
    made = situation(state, others=beside(*four()[:sessions])).when(LookAtLimits()).only_facts
    assert [type(each) for each in made] == expected


def test_what_an_outcome_that_was_corrected_takes_away_from_an_ablation_is_asked() -> None:
    state, worse = ordered("rfa_ct", "2027-12-20"), known("mbb_ct", "2026-11-01", 79)
    assert situation(state, others=beside(*BLOCKS)).when(LookAtLimits()).only_facts == []
    [asks] = situation(state, others=beside(BLOCKS[0], worse)).when(LookAtLimits()).only_facts
    assert isinstance(asks, LimitReached) and asks.rule == "PRC-03"


@pytest.mark.parametrize("day", [None, "2027-12-13"])
def test_what_was_refused_stays_so_until_the_date_is_another(day: str | None) -> None:
    question = Question(rule="PRC-02", override_id=some_id("a question"), on=TODAY)
    others = beside(known("rfa_ct", TODAY, 90) if day is None else JUNE, *BLOCKS)
    state = ordered("rfa_ct", day, question)
    assert situation(state, others=others).when(LookAtLimits()).only_facts == []


def test_an_older_version_of_a_date_changes_nothing() -> None:
    state = ordered("rfa_ct", "2027-12-15")
    situation(state, others=beside(JUNE, *BLOCKS)).when(on(14)).then(nothing())


def test_a_date_that_is_gone_leaves_the_procedure_wanted() -> None:
    dated = situation(ordered("mbb_ct", TODAY))
    dated.when(LoseDate(appointment_id=VISIT)).then(like(ProcedureUndated)).then_state(Ordered)
    dated.when(LoseDate(appointment_id=some_id("another"))).then(nothing())


def performed(**more: Any) -> RecordPerformed:
    said: dict[str, Any] = {"appointment_id": VISIT, "ended_at": BEFORE}
    return RecordPerformed(**said | more)


def test_a_clinician_records_that_it_was_done() -> None:
    for person in (*OUTSIDERS, COORDINATOR):
        situation(ordered()).when(person, performed()).then(refused("a clinician"))
    done = situation(ordered()).when(NURSE, performed(complications=("vasovagal",)))
    done.then(like(ProcedurePerformed, appointment_id=VISIT, ended_at=BEFORE, complications=("vasovagal",)))
    done.then_state(Performed)


@pytest.mark.parametrize(
    ("visit", "command", "said"),
    [
        (a_visit(patient_id=some_id("another patient")), performed(), "another patient's"),
        (a_visit(procedure_id=some_id("another")), performed(), "for another procedure"),
        (a_visit(ended="appointment_cancelled"), performed(), "did not take place"),
        (a_visit(ended="patient_did_not_attend"), performed(), "did not take place"),
        (a_visit(), performed(ended_at=START + timedelta(minutes=1)), "still to come"),
        (a_visit(), performed(ended_at=START - timedelta(days=1)), "not the day"),
    ],
)
def test_it_is_done_at_an_appointment_of_its_own_on_its_day(visit: Any, command: Any, said: str) -> None:
    situation(ordered(), others=beside() | {("visit", VISIT): visit}).when(NURSE, command).then(refused(said))


def test_an_appointment_that_is_not_known_yet_is_waited_for() -> None:
    others = beside() | {("visit", VISIT): Unknown()}
    situation(ordered(), others=others).when(NURSE, performed()).then(too_early("not known"))


def test_it_is_done_once() -> None:
    again = situation(ordered()).when(NURSE, performed(), performed())
    assert [type(each) for each in again.only_facts] == [ProcedurePerformed]
    other = performed(ended_at=BEFORE - timedelta(minutes=5))
    situation(ordered()).when(NURSE, performed(), other).then(refused("already", code="performed-already"))


def judged(relief: int, days: int | None = None) -> RecordOutcome:
    return RecordOutcome(relief_pct=relief, relief_days=days)


def test_what_it_brought_is_recorded_and_may_be_known_better_later() -> None:
    later = START + timedelta(days=90)
    steps = (performed(), later, judged(70, 14), judged(70, 14), judged(60, 90))
    made = situation(ordered("mbb_ct")).when(NURSE, *steps).only_facts
    found = [each for each in made if isinstance(each, ProcedureOutcomeRecorded)]
    assert [(each.relief_pct, each.relief_days) for each in found] == [(70, 14), (60, 90)]


def test_relief_has_not_lasted_longer_than_since_it_was_done() -> None:
    situation(ordered()).when(NURSE, performed(), judged(70, 1)).then(
        refused("`relief_days`: it was done 0 days ago", code="lasts-too-long")
    )


def test_what_was_not_done_has_brought_nothing_yet() -> None:
    situation(ordered()).when(NURSE, judged(70)).then(refused("not possible", instead="RecordPerformed"))


@pytest.mark.parametrize(
    ("family", "relief", "earlier", "payer", "qualifies"),
    [
        ("mbb_ct", 80, None, "medicare", True),
        ("mbb_ct", 79, None, "medicare", False),
        ("mbb_ct", 79, None, "bcbs_nd", True),
        ("mbb_ct", 90, "2026-12-22", "medicare", False),
        ("mbb_ct", 90, "2026-12-21", "medicare", True),
        ("rfa_ct", 90, None, "medicare", False),
        ("esi_il_lc", 90, None, "medicare", False),
    ],
)
def test_a_block_qualifies_from_the_payers_share_of_relief_on(
    family: str, relief: int, earlier: str | None, payer: str, qualifies: bool
) -> None:
    me = known(family, TODAY, procedure_id=TARGET)
    before = (known("mbb_ct", earlier, 90),) if earlier else ()
    others = beside(me, *before, payer=payer)
    made = situation(ordered(family), others=others).when(NURSE, performed(), judged(relief)).only_facts
    assert [each.qualifies for each in made if isinstance(each, ProcedureOutcomeRecorded)] == [qualifies]


def test_what_is_not_going_ahead_asks_nobody_any_more() -> None:
    state = ordered("rfa_ct", TODAY, asked())
    for command in (CancelProcedure(reason="patient_declined"), EndWithPlan(reason="plan_revoked")):
        made = situation(state).when(NURSE, command).only_facts
        assert [type(each) for each in made] == [ProcedureCancelled, LimitGone]
    for person in (*OUTSIDERS, COORDINATOR):
        situation(state).when(person, CancelProcedure(reason="illness")).then(refused("a clinician"))


def test_what_was_done_is_not_cancelled() -> None:
    situation(ordered()).when(NURSE, performed(), CancelProcedure(reason="illness")).then(
        refused("not possible")
    )
    done = situation(ordered()).when(NURSE, performed(), EndWithPlan(reason="withdrawn"))
    assert [type(each) for each in done.only_facts] == [ProcedurePerformed]
