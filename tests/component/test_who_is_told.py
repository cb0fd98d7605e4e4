"""Every row of the table of who is told, once through the whole service: what its fact ends, and what it plans."""

from collections.abc import Sequence
from typing import Any

import pytest

from config.loading import SHIPPED
from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.contact import ContactRecorded
from schemas.care_plan.v1.discharge import PifuExpired, PifuOpened, PifuUsed
from schemas.care_plan.v1.measure import MeasureNotScored, MeasureRequested, MeasureScored
from schemas.care_plan.v1.plan import CareTeamChanged, PlanActivated, PlanUpdated
from schemas.fact import Fact
from schemas.referral.v1.referral import InformationNotReceived, ReferralReceived
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentMoved, PatientDidNotAttend
from schemas.scheduling.v1.joint_day import JointDayProposed
from schemas.scheduling.v1.offer import SlotOffered
from services.notifications.news.reactions.table import BY_FACT, TABLE, Row
from services.notifications.rules import load_rules
from services.notifications.templates.content import KINDS
from tests.support.examples import example_fact
from tests.support.feed import REFERRAL
from tests.support.post_room import PostRoom, visit

STAFF = [member.id for member in load_rules(SHIPPED).staff.members]
START = "2027-01-20T19:00:00Z"
SAYS: dict[type[Fact], dict[str, Any]] = {
    InformationNotReceived: {"stage": "reminder"},
    SlotOffered: {"mode": "message"},
    JointDayProposed: {"mode": "message"},
    AppointmentBooked: {"start": START, "series": None, "version": 1},
    AppointmentMoved: {"start": START, "version": 2},
    ContactRecorded: {"result": "reached"},
    MeasureRequested: {"due_on": "2027-02-01"},
    LetterSigned: {"kind": "outcome"},
    PlanActivated: {"lead_id": STAFF[0], "plan_version": 1},
    PlanUpdated: {"plan_version": 2},
    CareTeamChanged: {"joined": STAFF[:2], "left": []},
    PifuOpened: {"ends_on": "2027-06-01"},
}
"""What the example of the contract must say besides, to be told of in January 2027 by this staff."""
BEFORE: dict[Any, tuple[type[Fact], ...]] = {
    "APPT_OFFER": (SlotOffered,),
    "APPT_DNA": (AppointmentBooked, PatientDidNotAttend),
    MeasureScored: (MeasureRequested,),
    MeasureNotScored: (MeasureRequested,),
    PifuUsed: (PifuOpened,),
    PifuExpired: (PifuOpened,),
    PlanUpdated: (PlanActivated,),
}
"""What has happened already, by the fact of a row or the only template that it ends; else a date is booked."""


async def hear(room: PostRoom, fact: type[Fact]) -> None:
    """Facts of a referral are about the referral, those of a date about the same date."""
    of_referral = fact.wire_type.startswith("referral.")
    await room.tell(example_fact(fact, **SAYS.get(fact, {})), aggregate=REFERRAL if of_referral else visit(1))


@pytest.fixture
async def room() -> PostRoom:
    """At night, so that nothing of what is pushed has left yet."""
    return await PostRoom("2027-01-04 22:00").ready("sms")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.fact.__name__)
async def test_a_fact_ends_and_plans_what_its_row_says(room: PostRoom, row: Row[Any]) -> None:
    known = () if row.fact is ReferralReceived else (ReferralReceived,)
    for fact in (*known, *BEFORE.get(row.only or row.fact, (AppointmentBooked,) if row.ends else ())):
        await hear(room, fact)
    before = await planned(room), await cancelled(room)
    await hear(room, row.fact)
    made = [each["template"] for each in await planned(room) if each not in before[0]]
    unsaid = row.unsaid(example_fact(row.fact, **SAYS.get(row.fact, {})))
    assert set(made) == set(row.says) - {"APPT_DIGEST", *unsaid}
    ended = [each["reason"] for each in await cancelled(room) if each not in before[1]]
    assert set(ended) == ({row.ends} if row.ends else set())


async def planned(room: PostRoom) -> Sequence[dict[str, Any]]:
    return await room.system.journal("notifications", "notifications.message_scheduled.v1")


async def cancelled(room: PostRoom) -> Sequence[dict[str, Any]]:
    return await room.system.journal("notifications", "notifications.message_cancelled.v1")


async def test_who_joined_the_team_hears_of_a_changed_plan_and_who_left_does_not(room: PostRoom) -> None:
    await hear(room, CareTeamChanged)
    left = example_fact(CareTeamChanged, joined=[], left=[STAFF[0]], disciplines=[])
    await room.tell(left, aggregate=visit(1))
    await hear(room, PlanUpdated)
    wanted = await room.system.journal("notifications", "notifications.professional_told.v1")
    heard = {each["recipient_id"] for each in wanted if each["template"] == "PLAN_CHANGED"}
    assert STAFF[1] in heard and STAFF[0] not in heard


def test_each_fact_has_one_row_and_each_template_is_said_of_some_fact() -> None:
    assert len(BY_FACT) == len(TABLE)
    called = {"ESCALATION_PAGE", "ESCALATION_PAGES", "MANAGER_NOTICE"}
    """By the ladders, and by what management is told of."""
    assert {template for row in TABLE for template in row.says} | called == KINDS.keys()
