"""The clinic, its people and its dates for tests of scheduling; what every machine of this service promises."""

from functools import cache
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Aggregate, Command, Event
from backbone.model.aggregate import as_order
from config.loading import SHIPPED
from schemas.fact import Fact
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import BookDate
from services.scheduling.appointment.states import Matter
from services.scheduling.booking_request.aggregate import PassAppointment
from services.scheduling.diary.aggregate import FreeTimes
from services.scheduling.protection.states import Protection
from services.scheduling.referral_record.states import Record
from services.scheduling.rules import Rules, load_rules
from services.scheduling.service import SERVICE
from services.scheduling.slot.commands import ReleaseSlot
from tests.support.deciding import LANE, TARGET, Situation, World, deciding
from tests.support.machines import Machine
from tests.support.told import at_clinic


@cache
def rules() -> Rules:
    return load_rules(SHIPPED)


def staff(login: str) -> Actor:
    member = rules().staff.by_login[login]
    return Actor("user", member.id, member.roles[0])


COORDINATOR, CLERK, PHYSICIAN, NURSE = map(staff, ("cora.lind", "ines.park", "paul.okafor", "nora.quinn"))
OUTSIDER = staff("olga.kern")
"""Works here, but has nothing to do with dates."""
PATIENT, REFERRER = Actor("patient", LANE), Actor("referrer", derive(ROOT, "a practice"))
EVERYBODY = (COORDINATOR, CLERK, PHYSICIAN, NURSE, PATIENT, REFERRER, OUTSIDER, SYSTEM)

PAUL, MAYA = (staff(login).id or "" for login in ("paul.okafor", "maya.stein"))
REQUEST, ACTIVITY, DAY = (derive(ROOT, name) for name in ("a request", "an activity", "a joint day"))
FIRST_VISIT = Matter(booking_request_id=REQUEST, purpose="initial_consultation", discipline="medical")

MADE = at_clinic("2027-02-01 09:00")
"""When offers and bookings of the examples are made."""
IN_10_DAYS, IN_11_DAYS = at_clinic("2027-02-11 09:00"), at_clinic("2027-02-12 09:00")
IN_9_DAYS = at_clinic("2027-02-10 09:00")


def event(aggregate: Aggregate[Any], fact: Fact, actor: Actor = SYSTEM) -> Event[Any]:
    """The fact as reactions see it; it is about the referral, the patient and the aggregate of every test."""
    world = World(aggregate, rules(), aggregate.initial, at=MADE, actor=actor)
    return Event(world.head(fact, derive(ROOT, f"told {fact}"), ()), fact)


class Steady(Machine):
    """A machine of this service: who asks for the same thing again changes nothing."""

    def take(self, actor: Actor, command: Command) -> list[Fact]:
        made = super().take(actor, command)
        assert not super().take(actor, command), "the same again changes nothing"
        return made


BOOK = BookDate(matter=FIRST_VISIT, clinician_id=PAUL, start=IN_10_DAYS)


def visit(*steps: Any, record: Record | None = None) -> Situation:
    """A first visit after these steps, beside what counts for the patient and against them."""
    situation = deciding(APPOINTMENT, rules(), actor=COORDINATOR, at=MADE)()
    situation.beside({TARGET: record or Record(), LANE: Protection()})
    for step in steps:
        assert situation.when(step).refusal is None, step
    return situation


def asked(fact: Fact) -> list[Command]:
    """What this service's reactions to a fact ask for, groups taken apart."""
    told = event(APPOINTMENT, fact)
    made = [order for react in SERVICE.reactions_by_type[fact.wire_type] for order in react(told, rules())]
    return [send.command for each in made for send in as_order(each).sends]


def follows(fact: Fact) -> list[Command]:
    """The same, but that slots and times are free again, and requests go on without the visit."""
    by_itself = ReleaseSlot | FreeTimes | PassAppointment
    return [command for command in asked(fact) if not isinstance(command, by_itself)]
