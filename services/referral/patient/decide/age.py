"""Children come of age though nobody writes about them: what others go by is told on that day (ATT-07)."""

from backbone.model import Decision, Given, Ruled, Table, ignores
from schemas.referral.v1.patient import PatientUpdated
from services.referral.patient.decide.registration import (
    is_adult,
    look_again_on,
    record_of,
    what_is_left,
)
from services.referral.patient.facts import AgeLookedAt
from services.referral.patient.states import (
    Erased,
    Identity,
    LookAtAge,
    Merged,
    Patient,
    Registered,
    Unregistered,
)
from services.referral.rules import Rules


def is_unwatched(state: Patient) -> bool:
    """A child who was filed before anybody looked at when they come of age."""
    if not isinstance(state, Registered | Merged):
        return False
    record = record_of(state)
    return record.is_adult is False and record.look_again_on is None


def look_at_age(state: Registered | Merged, command: LookAtAge, given: Given[Rules]) -> Decision:
    """By the birth date as it is known now. Of whom it is not known any more, nobody asks again."""
    record = record_of(state)
    day = record.look_again_on
    if day is None and not is_unwatched(state):
        return ()
    if day is not None and given.rules.calendar.day(given.at) < day:
        return ()
    born = what_is_left(given, record.identity_ref, Identity).birth_date
    looked = AgeLookedAt(is_adult=is_adult(born, given), look_again_on=look_again_on(born, given))
    if not looked.is_adult:
        return [looked]
    told = PatientUpdated(changed=("age",), is_adult=True)
    return [Ruled(told, (given.rules.referral.registry,)), looked]


AGE = Table(look_at_age, ignores(LookAtAge, when=(Unregistered, Erased)))
