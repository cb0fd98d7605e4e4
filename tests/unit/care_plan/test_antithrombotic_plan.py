"""ANT-01 to ANT-03, ANT-05 to ANT-07: what the table proposes, what people decide, what is signed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from backbone.model import Actor
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from services.care_plan.antithrombotic_plan.commands import (
    FollowProcedure,
    StateRenalFunction,
)
from services.care_plan.antithrombotic_plan.content import last_dose
from services.care_plan.antithrombotic_plan.facts import OverrideNeeded
from services.care_plan.antithrombotic_plan.states import (
    Agreed,
    Drafted,
    Line,
    NotNeeded,
    Requested,
    Signed,
)
from services.care_plan.opioid.states import Assessed
from services.care_plan.override.states import Decided
from tests.support.deciding import like, nothing, refused, ruled
from tests.unit.care_plan.holds import (
    APPOINTMENT,
    DATE,
    LUMBAR,
    NO_LIST,
    PROCEDURE,
    STIMULATOR,
    Answering,
    agree,
    agreed,
    at,
    draft,
    drafted,
    kidneys,
    only_signed,
    ordered,
    sign,
    signed,
    situation,
    takes,
)
from tests.unit.care_plan.situations import (
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    PROCEDURALIST,
    rules,
    some_id,
)

STATED = StateRenalFunction(taken_on=date(2027, 1, 4), measure="egfr", ml_per_min=Decimal(60))
ESI = ordered("esi_il_ct", "cervical", "intermediate")
LUMBAR_ESI = ordered("esi_il_lc", "lumbar", "intermediate")
TENS = ordered("tens", "none", "none")


def asked(procedure: FollowProcedure, lists: Assessed) -> tuple[bool, str] | None:
    """Blocking or not, and by which rule; None: nothing is asked."""
    found = situation(lists=lists).when(procedure)
    told = [(fact, named) for fact, named in found.facts if isinstance(fact, AntithromboticPlanRequested)]
    assert isinstance(found.state, Requested if told else NotNeeded)
    return (told[0][0].blocking, told[0][1][0].partition("@")[0]) if told else None


@pytest.mark.parametrize(
    ("procedure", "lists", "expected"),
    [
        (ordered(), takes("warfarin"), (True, "ANT-01")),
        (STIMULATOR, takes("apixaban"), (True, "ANT-01")),
        (ordered(), takes("cilostazol"), (True, "ANT-01")),
        (ordered(), takes(), None),
        (LUMBAR, takes("warfarin"), (False, "ANT-07")),
        (LUMBAR, takes("apixaban"), (False, "ANT-07")),
        (LUMBAR, takes("clopidogrel"), (False, "ANT-07")),
        (LUMBAR, takes("enoxaparin"), (True, "ANT-01")),
        (LUMBAR, takes("aspirin"), None),
        (LUMBAR, takes("cilostazol"), None),
        (ordered(), takes("aspirin"), (False, "ANT-07")),
        (STIMULATOR, takes("aspirin"), (True, "ANT-01")),
        (ESI, takes("naproxen"), (False, "ANT-07")),
        (LUMBAR_ESI, takes("naproxen"), None),
        (STIMULATOR, takes("naproxen"), (True, "ANT-01")),
        (LUMBAR, takes("other_antithrombotic"), (True, "ANT-06")),
        (LUMBAR, takes(whole=False), (True, "ANT-06")),
        (LUMBAR, NO_LIST, (True, "ANT-06")),
        (LUMBAR, takes("dabigatran"), (True, "ANT-06")),
        (TENS, takes("warfarin"), None),
        (TENS, NO_LIST, None),
    ],
)
def test_a_procedure_asks_for_a_plan_as_its_risk_and_the_drugs_have_it(
    procedure: FollowProcedure, lists: Assessed, expected: tuple[bool, str] | None
) -> None:
    assert asked(procedure, lists) == expected


def test_what_nobody_has_verified_is_known_from_the_fact() -> None:
    situation(lists=takes("apixaban")).when(ordered()).then(
        ruled(AntithromboticPlanRequested, "ANT-01", "antithrombotic.table")
    )


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2027-04-22 10:00", 120, at("2027-04-17 10:00")),
        ("2027-03-16 10:00", 120, datetime(2027, 3, 11, 14, tzinfo=UTC)),
        ("2027-11-09 10:00", 120, datetime(2027, 11, 4, 14, tzinfo=UTC)),
        ("2027-03-16 10:00", 6, datetime(2027, 3, 16, 8, tzinfo=UTC)),
        ("2027-03-15 10:00", 36, datetime(2027, 3, 14, 2, tzinfo=UTC)),
        ("2027-11-08 10:00", 36, datetime(2027, 11, 7, 3, tzinfo=UTC)),
        ("2028-03-01 10:00", 24, at("2028-02-29 10:00")),
        ("2027-01-04 10:00", 168, at("2026-12-28 10:00")),
    ],
)
def test_the_last_dose_is_at_the_earlier_of_two_readings(start: str, hours: int, expected: datetime) -> None:
    """2027-03-14 and 2027-11-07 the clocks of New York change. Of whole days: a hold in hours is elapsed time."""
    assert last_dose(at(start), hours, rules().calendar) == expected


def test_the_vector_of_the_clock_change_is_nine_in_the_morning() -> None:
    found = rules().calendar.local(last_dose(at("2027-03-16 10:00"), 120, rules().calendar))
    assert (found.date(), found.hour) == (date(2027, 3, 11), 9)


def test_a_plan_for_warfarin_is_drafted_agreed_and_signed_for_one_date() -> None:
    drafted().when().then_state(Drafted)
    agreed().when().then_state(Agreed)
    agreed().when(PROCEDURALIST, sign()).then(
        like(
            AntithromboticPlanSigned,
            procedure_id=PROCEDURE,
            appointment_id=APPOINTMENT,
            appointment_version=1,
            last_dose_at=at("2027-04-17 10:00"),
            restart_not_before=at("2027-04-22 16:00"),
            inr_from=at("2027-04-21 10:00"),
            inr_max=Decimal("1.2"),
            prescriber_agreed=True,
            signed_by=PROCEDURALIST.id,
        )
    ).then_state(Signed)


def test_acenocoumarol_has_an_inr_too_and_apixaban_none() -> None:
    for drug, has_inr in (("acenocoumarol", True), ("apixaban", False)):
        begun = situation(ordered(), DATE, PROCEDURALIST, draft(), NURSE, agree(drug), lists=takes(drug))
        [fact] = only_signed(begun.when(PROCEDURALIST, sign()))
        assert (fact.inr_from is not None, fact.inr_max is not None) == (has_inr, has_inr)


def test_of_several_drugs_the_longest_hold_gives_the_first_stop_and_each_has_its_prescriber() -> None:
    uses = draft(clopidogrel={"use": "daily_75_mg"})
    lists = takes("apixaban", "clopidogrel")
    begun = situation(ordered(), DATE, PROCEDURALIST, uses, NURSE, agree("apixaban"), lists=lists)
    begun.when(PROCEDURALIST, sign()).then(
        refused("clopidogrel", instead="RecordAgreement", code="not-agreed")
    )
    [fact] = only_signed(begun.when(NURSE, agree("clopidogrel"), PROCEDURALIST, sign()))
    assert fact.last_dose_at == at("2027-04-15 10:00")
    assert fact.restart_not_before == at("2027-04-22 22:00")


def test_without_the_prescribers_word_nothing_is_signed() -> None:
    drafted().when(PROCEDURALIST, sign()).then(
        refused("warfarin", instead="RecordAgreement", code="not-agreed")
    )


def test_a_plan_in_which_nothing_is_held_needs_nobodys_word() -> None:
    """ANT-07: somebody looked, and it goes on."""
    begun = situation(LUMBAR, DATE, PROCEDURALIST, draft())
    begun.when(sign()).then(refused("warfarin", instead="DraftPlan", code="not-settled"))
    [fact] = only_signed(begun.when(draft(warfarin={"goes_on": True}), sign()))
    assert (fact.last_dose_at, fact.inr_from, fact.prescriber_agreed) == (None, None, True)


def test_a_drug_with_several_rows_is_proposed_at_its_strictest_until_somebody_says_how_it_is_taken() -> None:
    lists = takes("aspirin")
    begun = situation(STIMULATOR, DATE, PROCEDURALIST, draft(), lists=lists)
    [line] = begun.when().state.lines
    assert line == Line(drug="aspirin", hold_hours=144, restart_hours=24)
    begun.when(sign()).then(refused("aspirin", code="not-settled"))
    begun.when(draft(aspirin={"use": "primary_prevention"}))
    assert begun.world.state.lines[0].settled
    begun.when(draft(aspirin={"use": "secondary_prevention"}))
    assert not begun.world.state.lines[0].settled, "shared: a clinician says whether it is held"


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"acetaminophen": {}}, "unknown-drug"),
        ({"nobody_knows_it": {}}, "unknown-drug"),
        ({"aspirin": {"use": "headache"}}, "unknown-use"),
        ({"warfarin": {"use": "daily"}}, "unknown-use"),
    ],
)
def test_what_the_table_does_not_have_is_refused_by_name(choices: dict[str, Any], code: str) -> None:
    situation(ordered(), PROCEDURALIST).when(draft(**choices)).then(refused("choices: ", code=code))


def test_a_drug_that_is_on_no_list_is_added_by_name() -> None:
    begun = situation(ordered(), PROCEDURALIST).when(draft(ticagrelor={}))
    assert [(each.drug, each.hold_hours) for each in begun.state.lines] == [
        ("warfarin", 120),
        ("ticagrelor", 120),
    ]


def test_a_clinician_decides_otherwise_than_the_table_proposes() -> None:
    begun = drafted(draft(warfarin={"hold_hours": 144}), NURSE, agree())
    [fact] = only_signed(begun.when(PROCEDURALIST, sign()))
    assert fact.last_dose_at == at("2027-04-16 10:00")


def test_dabigatran_is_held_as_the_kidneys_have_it() -> None:
    for value, days in (("50", 4), ("49.9", 6)):
        begun = situation(ordered(), lists=takes("dabigatran"), renal=kidneys(value))
        [line] = begun.when(PROCEDURALIST, draft()).state.lines
        assert (line.hold_hours, line.unknown, line.settled) == (days * 24, False, True)


@pytest.mark.parametrize(
    ("lists", "choices"),
    [
        (takes("dabigatran"), {"dabigatran": {"hold_hours": 144}}),
        (takes("other_antithrombotic"), {"other_antithrombotic": {"goes_on": True}}),
        (takes("warfarin", whole=False), {}),
        (NO_LIST, {}),
    ],
)
def test_what_the_table_can_not_tell_is_not_signed_without_an_override(
    lists: Assessed, choices: dict[str, Any]
) -> None:
    begun = situation(ordered(), DATE, PROCEDURALIST, draft(**choices), lists=lists)
    begun.when(sign()).then(refused("whoever may override it decides", code="override-needed"))


@pytest.mark.parametrize(("granted", "expected"), [(True, Signed), (False, Drafted)])
def test_who_may_depart_from_the_rule_is_asked_and_answers(granted: bool, expected: type[Any]) -> None:
    """Once for the same question; another one where it is about something else."""
    lists, choice = takes("other_antithrombotic"), draft(other_antithrombotic={"goes_on": True})
    begun = situation(ordered(), DATE, PROCEDURALIST, choice, lists=lists)
    question = begun.world.state.known.override_id
    again = begun.when(choice).only_facts
    assert not any(isinstance(each, OverrideNeeded) for each in again)
    answer = Decided(
        rule="ANT-06",
        role="medical_director",
        subject_id=PROCEDURE,
        granted=granted,
        reason="other",
        decided_by=some_id("director"),
    )
    begun.world.others = Answering({**begun.world.others, ("override", question): answer})
    begun.when(sign()).then_state(expected)


def test_a_signature_is_for_the_version_of_the_date_that_stands() -> None:
    agreed(PROCEDURALIST).when(sign(2)).then(refused("version 1", code="another-date"))
    undated = situation(ordered(), PROCEDURALIST, draft(), agree())
    undated.when(sign()).then(refused("no date", code="no-date"))
    signed().when(sign()).then(nothing())
    signed().when(sign(2)).then(refused("version 1", code="another-date"))


def test_who_would_have_to_stop_yesterday_has_stopped_or_has_another_date() -> None:
    late = agreed(at("2027-04-18 09:00"), PROCEDURALIST)
    late.when(sign()).then(refused("2027-04-17T14:00Z", code="too-late-to-stop"))
    assert only_signed(late.when(sign(already_stopped=True)))
    agreed(at("2027-04-22 11:00"), PROCEDURALIST).when(sign()).then(refused("past", code="date-past"))


@pytest.mark.parametrize("actor", [*OUTSIDERS, COORDINATOR, NURSE, PHYSICIAN])
def test_only_a_proceduralist_drafts_and_signs(actor: Actor) -> None:
    agreed().when(actor, sign()).then(refused("a proceduralist"))
    situation(ordered()).when(actor, draft()).then(refused("a proceduralist"))
    if actor not in (NURSE, PHYSICIAN):
        drafted().when(actor, agree()).then(refused("a clinician"))
        drafted().when(actor, STATED).then(refused("a clinician"))
