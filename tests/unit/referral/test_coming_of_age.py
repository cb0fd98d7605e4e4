"""A child comes of age on a day, whether anybody writes or not (ATT-07); no day that is kept is that of a birth."""

from datetime import date, datetime

from backbone.model import SYSTEM
from schemas.referral.v1.patient import PatientUpdated
from services.referral.patient.facts import AgeLookedAt
from services.referral.patient.states import LookAtAge, RecordDeath
from tests.support.deciding import START, Result, like, nothing, ruled
from tests.unit.referral.situations import NURSE, given_patient, rules
from tests.unit.referral.test_patient import register


def day_of(result: Result) -> date | None:
    timer = result.timers.get("age")
    return timer.due.date() if timer else None


def morning(day: str) -> datetime:
    return rules().calendar.daily(date.fromisoformat(day))


def test_of_a_child_it_is_looked_after_whole_years_and_then_every_day() -> None:
    """From 4 January 2027 on."""
    assert START.date() == date(2027, 1, 4)
    for born, looked in (
        ("2013-01-05", "2031-01-04"),
        ("2012-01-04", "2029-01-04"),
        ("2010-06-01", "2028-01-04"),
        ("2010-01-04", "2027-01-05"),
        ("2009-01-05", "2027-01-05"),
    ):
        assert day_of(given_patient().when(register(birth_date=born))) == date.fromisoformat(looked), born


def test_nobody_looks_at_an_adult_or_at_whose_birth_date_is_not_known() -> None:
    for born in ("2009-01-04", "1975-05-17", None):
        assert day_of(given_patient().when(register(birth_date=born))) is None


def test_on_that_day_they_are_of_age_for_everybody_and_nobody_looks_again() -> None:
    child = given_patient(register(birth_date="2009-01-05"))
    grown = child.when(SYSTEM, morning("2027-01-05"), LookAtAge()).then(
        ruled(like(PatientUpdated, changed=("age",), is_adult=True), "referral.registry"),
        AgeLookedAt(is_adult=True),
    )
    assert day_of(grown) is None and "2009" not in str(grown.only_facts) + repr(grown.state)
    again = given_patient(register(birth_date="2009-01-05"), SYSTEM, morning("2027-01-05"), LookAtAge())
    again.when(LookAtAge()).then(nothing())


def test_the_day_before_they_are_not_and_somebody_looks_the_next_day() -> None:
    child = given_patient(register(birth_date="2009-01-06"))
    looked = child.when(SYSTEM, morning("2027-01-05"), LookAtAge()).then(
        AgeLookedAt(is_adult=False, look_again_on=date(2027, 1, 6))
    )
    assert day_of(looked) == date(2027, 1, 6)


def test_before_its_day_nothing_is_looked_at() -> None:
    given_patient(register(birth_date="2009-01-06")).when(SYSTEM, LookAtAge()).then(nothing())


def test_a_corrected_birth_date_is_what_is_looked_by() -> None:
    corrected = given_patient(register(birth_date="2009-01-06"), register(birth_date="2013-01-06"))
    assert day_of(corrected.when(SYSTEM, morning("2027-01-05"), LookAtAge()).then(nothing())) == date(
        2031, 1, 4
    )


def test_who_has_died_stays_as_old_as_they_were() -> None:
    dead = given_patient(register(birth_date="2009-01-06")).when(NURSE, RecordDeath(source="family"))
    assert day_of(dead) is None
