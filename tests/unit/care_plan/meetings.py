"""Cases and meetings of the team, as the tests of its rules use them."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import Actor
from config.loading import SHIPPED
from services.care_plan.mdt.aggregate import MDT_CASE, MDT_MEETING
from services.care_plan.mdt.commands import (
    DecideCase,
    ListCase,
    RequestCase,
    Task,
)
from services.care_plan.mdt.states import InSession, Scheduled
from services.care_plan.rules import Rules, load_rules
from tests.support.deciding import Deciding, Situation, deciding

MEETING = derive(ROOT, "a meeting")
OTHER_MEETING = derive(ROOT, "another meeting")
ACTION = derive(ROOT, "an action")
CASE = derive(ROOT, "a case")
REFERRAL = derive(ROOT, "a referral")
START = datetime(2027, 2, 25, 18, 0, tzinfo=UTC)
QUORUM = ("physician", "physiotherapist", "psychologist", "care_coordinator")
PRESENT = ("care_coordinator", "clinical_lead", "physician", "physiotherapist", "psychologist")
TASKS = (Task(action_id=ACTION, owner_queue="medical", due_on=date(2027, 2, 26)),)
LIST = ListCase(meeting_id=MEETING, prep_queues=("medical", "psychology"))
REQUEST = RequestCase(reason="new_programme")


@cache
def rules() -> Rules:
    return load_rules(SHIPPED)


def staff(login: str) -> Actor:
    member = rules().staff.by_login[login]
    return Actor("user", member.id, member.roles[0])


COORDINATOR, PHYSICIAN, NURSE = staff("cora.lind"), staff("paul.okafor"), staff("nora.quinn")
THERE = tuple(str(staff(who).id) for who in ("paul.okafor", "fay.dunn", "priya.nair", "cora.lind"))
"""Who they are in the staff directory: one of each role that the quorum wants."""
given_meeting: Deciding = deciding(MDT_MEETING, rules(), actor=COORDINATOR)


def case(*steps: Any, meeting: Any = None, actor: Actor = COORDINATOR) -> Situation:
    """A case after these steps, beside its meeting, which is open if nothing else is said."""
    others = {MEETING: meeting or InSession(start=START), OTHER_MEETING: Scheduled(start=START)}
    situation = deciding(MDT_CASE, rules(), actor=actor)().beside(others)
    for step in steps:
        situation.world.take(step)
    return situation


def decision(**changes: Any) -> DecideCase:
    said = {
        "meeting_id": MEETING,
        "decision": "programme",
        "attendees": THERE,
        "summary": "A programme of three disciplines.",
        "actions": TASKS,
    }
    return DecideCase(**said | changes)
