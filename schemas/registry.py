"""All public facts by wire type. Adding a fact to a module below adds it here."""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

from schemas.care_plan.v1 import (
    activity,
    consultation,
    contact,
    discharge,
    goal,
    mdt,
    measure,
    opioid,
    plan,
    safety,
)
from schemas.fact import Fact
from schemas.generic import generic_facts
from schemas.notifications.v1 import consent, message
from schemas.referral.v1 import patient, referral
from schemas.scheduling.v1 import appointment, attendance, booking, joint_day, offer, unavailability, waitlist
from schemas.topics import SERVICES
from schemas.worklist.v1 import episode, item

MODULES: tuple[ModuleType, ...] = (
    *(patient, referral),
    *(booking, waitlist, offer, appointment, joint_day, attendance, unavailability),
    *(consultation, plan, activity, goal, measure, safety, opioid, mdt, discharge, contact),
    *(message, consent),
    *(item, episode),
)


@cache
def facts() -> Mapping[str, type[Fact]]:
    """Fact classes by wire type, in order of the catalogue."""
    declared = [
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Fact) and value.wire_type
    ]
    generic = [fact for service in SERVICES for fact in generic_facts(service)]
    return {fact.wire_type: fact for fact in (*declared, *generic)}
