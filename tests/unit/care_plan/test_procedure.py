"""A procedure from its order to what it brought: who may, what fits, what must be true before it, whom a limit asks."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOrdered,
    ProcedureOutcomeRecorded,
    ProcedurePerformed,
)
from services.care_plan.override.aggregate import Asked, Decided
from services.care_plan.plan.states import Course as PlanCourse
from services.care_plan.plan.states import Draft
from services.care_plan.procedure.commands import (
    CancelProcedure,
    EndWithPlan,
    LoseDate,
    RecordOutcome,
    RecordPerformed,
    SetDate,
)
from services.care_plan.procedure.facts import LimitGone, LimitReached, ProcedureDated, ProcedureUndated
from services.care_plan.procedure.states import Ordered, Performed, Question
from services.care_plan.visit.states import Unknown
from tests.support.deciding import LANE, START, TARGET, like, nothing, refused, ruled, too_early
from tests.unit.care_plan.procedures import (
    PLAN,
    TODAY,
    VISIT,
    a_visit,
    an_order,
    beside,
    known,
    ordered,
    situation,
)
from tests.unit.care_plan.situations import (
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    PHYSIOTHERAPIST,
    some_id,
)

BLOCKS = (known("mbb_ct", "2026-10-01", 90), known("mbb_ct", "2026-11-01", 90))
BEFORE = START - timedelta(minutes=30)


def order(command: Any = None, *earlier: Any, payer: str | None = "medicare") -> ProcedureOrdered:
    found = situation(others=beside(*earlier, payer=payer)).when(PHYSICIAN, command or an_order()).only_facts
    [made] = [each for each in found if isinstance(each, ProcedureOrdered)]
    return made


def test_only_a_physician_orders() -> None:
    for person in (*OUTSIDERS, NURSE, COORDINATOR, PHYSIOTHERAPIST):
        situation().when(person, an_order()).then(refused("a pain physician"))


def test_an_order_says_what_is_to_be_done_and_what_must_be_true_before_it() -> None:
    made = order()
    assert (made.family, made.side, made.levels) == ("mbb_ct", "right", ("C4-C5",))
    assert (made.sequence_role, made.bleeding_risk, made.plan_id) == ("mbb_1", "intermediate", PLAN)
    assert made.gates == ("authorisation", "procedure_consent", "escort", "infection")
    assert (made.met, made.previous_id, made.coverage_risk) == ((), None, None)


def test_the_rules_that_helped_stand_on_the_order() -> None:
    situation().when(PHYSICIAN, an_order()).then(
        ruled(ProcedureOrdered, "procedure.families", "procedure.gates", "PRC-04", "payer.medicare")
    )


@pytest.mark.parametrize(
    ("region", "levels", "risk"),
    [
        ("cervical", ("C4-C5",), "intermediate"),
        ("thoracic", ("T4-T5",), "low"),
        ("cervical", ("C7-T1",), "intermediate"),
    ],
)
def test_how_much_it_may_bleed_depends_on_the_region(region: str, levels: Any, risk: str) -> None:
    assert order(an_order(region=region, levels=levels)).bleeding_risk == risk


def test_who_bleeds_more_easily_is_one_class_higher() -> None:
    raised = {"circumstances": ("raised_bleeding_risk",)}
    assert order(an_order("mbb_ls", **raised)).bleeding_risk == "intermediate"
    assert order(an_order("mbb_ct", **raised)).bleeding_risk == "high"
    assert order(an_order("scs", region="thoracic", levels=("T9",), **raised)).bleeding_risk == "high"
    assert order(an_order("tens", region="none", levels=(), **raised)).bleeding_risk == "none"


@pytest.mark.parametrize(
    ("circumstance", "gates"),
    [
        ("sedation", {"escort", "fasting"}),
        ("diabetes", {"glucose"}),
        ("may_be_pregnant", {"pregnancy_planning", "pregnancy_test"}),
        ("allergy", {"allergy_review"}),
    ],
)
def test_circumstances_ask_for_more_before_it(circumstance: str, gates: set[str]) -> None:
    assert gates <= set(order(an_order(circumstances=(circumstance,))).gates)


@pytest.mark.parametrize(
    ("family", "place", "payer", "wanted"),
    [
        ("mbb_ct", "hospital_outpatient", "medicare", True),
        ("mbb_ct", "office", "medicare", False),
        ("mbb_ct", None, "medicare", True),
        ("esi_il_lc", "hospital_outpatient", "medicare", False),
        ("mbb_ct", "hospital_outpatient", None, True),
        ("mbb_ct", "hospital_outpatient", "bcbs_nd", True),
    ],
)
def test_what_the_payer_wants_to_authorise_depends_on_what_and_where(
    family: str, place: str | None, payer: str | None, wanted: bool
) -> None:
    assert ("authorisation" in order(an_order(family, place=place), payer=payer).gates) == wanted


@pytest.mark.parametrize(
    ("command", "said", "code"),
    [
        (an_order(region="lumbar", levels=("L4-L5",)), "`region`", "wrong-region"),
        (an_order(levels=("T4-T5",)), "T4-T5 is no level of the cervical spine", "wrong-levels"),
        (an_order(levels=("C3-C5",)), "C3-C5", "wrong-levels"),
        (an_order(levels=()), "needs the levels", "wrong-levels"),
        (an_order(levels=("C4-C5", "C4-C5")), "twice", "wrong-levels"),
        (an_order("joint", region="none", levels=("L4",)), "without levels", "wrong-levels"),
        (an_order(not_before=TODAY - timedelta(days=1)), "`not_before`", "wrong-day"),
        (an_order(not_before=TODAY.replace(year=TODAY.year + 3)), "`not_before`", "wrong-day"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(command: Any, said: str, code: str) -> None:
    situation().when(PHYSICIAN, command).then(refused(said, code=code))


def test_it_is_ordered_under_an_active_plan_only() -> None:
    others = beside() | {("care_plan", PLAN): Draft(course=PlanCourse())}
    situation(others=others).when(PHYSICIAN, an_order()).then(
        refused("a plan that is active", instead="ActivatePlan", code="plan-not-active")
    )


def test_the_same_is_not_ordered_twice_unless_both_are_wanted() -> None:
    others = beside(known("mbb_ct"))
    situation(others=others).when(PHYSICIAN, an_order()).then(refused("say `again`", code="already-ordered"))
    situation(others=others).when(PHYSICIAN, an_order(again=True)).then(ProcedureOrdered)
    situation(others=others).when(PHYSICIAN, an_order(side="left")).then(ProcedureOrdered)


def test_a_payer_that_nobody_knows_is_judged_as_the_default_and_the_order_says_so() -> None:
    assert order(payer=None).coverage_risk == "unknown"
    [_, limit] = situation(others=beside(payer=None)).when(PHYSICIAN, an_order("rfa_ct")).only_facts
    assert isinstance(limit, LimitReached) and (limit.rule, limit.coverage_risk) == ("PRC-03", "unknown")


def test_a_limit_asks_somebody_and_blocks_the_date_until_then() -> None:
    made = situation(others=beside(BLOCKS[0])).when(PHYSICIAN, an_order("rfa_ct")).only_facts
    assert isinstance(made[0], ProcedureOrdered) and "override" in made[0].gates
    assert made[0].coverage_risk == "criteria" and made[0].sequence_role == "rfa"
    [limit] = made[1:]
    assert isinstance(limit, LimitReached)
    assert (limit.rule, limit.on, limit.coverage_risk) == ("PRC-03", TODAY, "criteria")
    assert "override" not in order(an_order("rfa_ct"), *BLOCKS).gates


@pytest.mark.parametrize(("relief", "met"), [(None, ()), (85, ("previous_outcome",))])
def test_a_repeat_waits_for_what_the_one_before_brought(relief: int | None, met: Any) -> None:
    before = known("mbb_ct", "2026-12-01", relief)
    made = order(an_order(), before)
    assert "previous_outcome" in made.gates and made.met == met
    assert made.previous_id == before.procedure_id


def test_the_second_block_is_the_one_after_a_block_that_qualifies() -> None:
    assert order(an_order(), known("mbb_ct", "2026-12-01", 85)).sequence_role == "mbb_2"
    assert order(an_order(), known("mbb_ct", "2026-12-01", 79)).sequence_role == "mbb_1"
    assert order(an_order("esi_il_lc")).sequence_role is None


@pytest.mark.parametrize(
    ("relief", "days", "risk"),
    [(49, 200, "criteria"), (50, 179, "criteria"), (50, 180, None), (50, None, None)],
)
def test_a_repeat_of_what_brought_too_little_may_not_be_paid(
    relief: int, days: int | None, risk: Any
) -> None:
    before = known("rfa_ct", "2026-05-01", relief, relief_days=days)
    assert order(an_order("rfa_ct"), before, *BLOCKS).coverage_risk == risk


def on(day: int, version: int = 1, appointment: str = VISIT) -> SetDate:
    return SetDate(
        appointment_id=appointment, version=version, start=START.replace(year=2027, month=12, day=day)
    )


JUNE = known("rfa_ct", "2027-06-15")


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
        (REFUSED, 13, [LimitReached]),
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
