"""The order of a procedure: who may, what fits, what must be true before it, whom a limit asks."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.care_plan.v1.procedure import (
    ProcedureOrdered,
)
from services.care_plan.plan.states import Course as PlanCourse
from services.care_plan.plan.states import Draft
from services.care_plan.procedure.facts import LimitReached
from tests.support.deciding import refused, ruled
from tests.unit.care_plan.procedures import (
    PLAN,
    TODAY,
    an_order,
    beside,
    known,
    situation,
)
from tests.unit.care_plan.situations import (
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    PHYSIOTHERAPIST,
)

BLOCKS = (known("mbb_ct", "2026-10-01", 90), known("mbb_ct", "2026-11-01", 90))


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
