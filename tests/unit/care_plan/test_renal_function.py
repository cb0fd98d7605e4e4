"""The kidneys of a person: each value with its day, of all their records, and what was stated by mistake (ANT-06)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model.person import PERSON, Person
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN
from services.care_plan.antithrombotic_plan.commands import StateRenalFunction
from services.care_plan.antithrombotic_plan.facts import RenalFunctionStated
from services.care_plan.renal_function.aggregate import RENAL_FUNCTION, NoteRenalFunction
from services.care_plan.renal_function.facts import RenalFunctionNoted
from services.care_plan.renal_function.states import KIND, RenalFunction, RenalValue, newest
from tests.support.deciding import LANE, TARGET, Situation, like, nothing, refused
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.holds import kidneys, known_of, ordered, situation
from tests.unit.care_plan.situations import NURSE, rules, some_id

TODAY = date(2027, 1, 4)


class Beside:
    """What a decider is given of all records."""

    def __init__(self, *records: RenalFunction) -> None:
        self.others = {(KIND, some_id(str(number))): each for number, each in enumerate(records)}


def of(*results: RenalValue) -> RenalFunction:
    return RenalFunction(results=results)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((), None),
        ((of(),), None),
        ((of(kidneys("80", "2026-12-01"), kidneys("40", "2026-12-02")),), "40"),
        ((of(kidneys("40", "2026-12-01"), kidneys("80", "2026-12-02")),), "80"),
        ((of(kidneys("80", "2026-12-01")), of(kidneys("40", "2026-12-02"))), "40"),
        ((of(kidneys("80", "2026-12-02")), of(kidneys("40", "2026-12-01"))), "80"),
        ((of(kidneys("80", "2026-12-02")), of(kidneys("40", "2026-12-02"))), "40"),
        ((of(kidneys("80"), kidneys("40", measure="creatinine_clearance")),), "40"),
    ],
)
def test_the_newest_of_all_records_counts_and_of_one_day_the_lowest(
    records: tuple[RenalFunction, ...], expected: str | None
) -> None:
    given: Any = Beside(*records)
    found = newest(given)
    assert (found and found.ml_per_min) == (Decimal(expected) if expected else None)


def stated(value: str | None = "60", taken_on: date = TODAY) -> StateRenalFunction:
    return StateRenalFunction(
        taken_on=taken_on, measure="egfr", ml_per_min=None if value is None else Decimal(value)
    )


def a_plan(*known: RenalValue) -> Situation:
    return situation(ordered(), NURSE).beside(known_of(*known))


def test_a_value_is_stated_once_for_its_day_and_corrected_by_another() -> None:
    a_plan().when(stated()).then(like(RenalFunctionStated, patient_id=LANE, ml_per_min=Decimal(60)))
    a_plan(kidneys("60")).when(stated()).then(nothing())
    a_plan(kidneys("60")).when(stated("61")).then(RenalFunctionStated)
    a_plan(kidneys("60")).when(stated(taken_on=TODAY - timedelta(days=1))).then(RenalFunctionStated)


def test_what_was_stated_by_mistake_is_taken_back() -> None:
    a_plan(kidneys("60")).when(stated(None)).then(like(RenalFunctionStated, patient_id=LANE, ml_per_min=None))
    a_plan().when(stated(None)).then(refused("nothing was stated", code="not-stated"))


@pytest.mark.parametrize("value", ["0.99", "1", "250", "250.1"])
def test_what_can_not_be_was_mistyped(value: str) -> None:
    found = a_plan().when(stated(value))
    if value in ("1", "250"):
        found.then(RenalFunctionStated)
    else:
        found.then(refused("ml_per_min: from 1 to 250", code="not-plausible"))


def test_no_blood_was_taken_tomorrow() -> None:
    a_plan().when(stated(taken_on=TODAY + timedelta(days=1))).then(refused("taken_on", code="not-yet"))


class Kidneys(Machine):
    """Values of some days, stated in any order, corrected and taken back."""

    known: dict[tuple[date, Any], Decimal]

    @initialize()
    def nothing_is_known(self) -> None:
        self.begin(RENAL_FUNCTION, rules())
        self.world.others = {(PERSON.kind, TARGET): Person()}
        self.known = {}

    @rule(
        days=st.integers(min_value=0, max_value=3),
        measure=st.sampled_from(("egfr", "creatinine_clearance")),
        value=st.sampled_from((None, "30", "60")),
    )
    def a_value_is_stated(self, days: int, measure: Any, value: str | None) -> None:
        day, number = TODAY - timedelta(days=days), len(self.world.facts)
        command = NoteRenalFunction(
            patient_id=TARGET, taken_on=day, measure=measure, ml_per_min=Decimal(value) if value else None
        )
        before = self.known.pop((day, measure), None)
        if command.ml_per_min is not None:
            self.known[day, measure] = command.ml_per_min
        made = self.hear(command, some_id(f"statement {number}"))
        assert [type(each) for each in made] == [RenalFunctionNoted] * (before != command.ml_per_min)

    @invariant()
    def each_day_and_measure_has_what_was_said_of_it_last(self) -> None:
        found = {(each.taken_on, each.measure): each.ml_per_min for each in self.world.state.results}
        assert found == self.known
        assert len(self.world.state.results) == len(found)


TestKidneys = Kidneys.TestCase
TestKidneys.settings = explored(40, steps=20)


@pytest.mark.parametrize(
    "said",
    [
        {"impaired": True},
        {"patient_id": LANE, "taken_on": "2027-01-04", "measure": "egfr", "ml_per_min": "40"},
    ],
)
def test_what_journals_have_from_before_values_had_a_day_is_folded_and_decides_nothing(
    said: dict[str, Any],
) -> None:
    state = situation(ordered()).world.state
    data = msgspec.json.encode({"type": "care_plan.renal_function_stated.v1", "stated_by": NURSE.id, **said})
    old = ANTITHROMBOTIC_PLAN.facts["care_plan.renal_function_stated.v1"].model_validate_json(data)
    head: Any = None
    assert ANTITHROMBOTIC_PLAN.after(state, old, head) == state
    assert state.known.kidneys is None
