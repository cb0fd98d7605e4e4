"""Who is called at a level, with which messages; and who is on a ladder at all. Pure."""

from collections.abc import Iterable
from datetime import datetime

from backbone.model import Given
from config.escalation import called, on_ladder
from config.staff import StaffMember
from schemas.fact import Fact
from schemas.notifications.v1.codes import Channel
from services.notifications.escalation.facts import PersonPaged, RoundCalled, RoundPlanned
from services.notifications.escalation.states import Ladder
from services.notifications.rules import Rules
from services.notifications.templates.content import message_key

CODES = 1_000_000


def code_of(episode: int, given: Given[Rules]) -> str:
    """Six digits that a reply names; of each episode its own, and nobody can compute them from what is public."""
    return f"{int(given.known_to_us(f'code {episode}')[:8], 16) % CODES:06}"


def may_answer(ladder: Ladder, rules: Rules) -> frozenset[str]:
    """Everybody whom the ladder may call, and who was called."""
    stairs = rules.escalation.ladder(ladder.severity)
    return on_ladder([stairs], ladder.queue, rules.staff).union(ladder.called)


def ack_due(ladder: Ladder, level: int, given: Given[Rules]) -> datetime:
    """Counted from now, not from what should have been: after an outage people have their whole time."""
    stairs = given.rules.escalation.ladder(ladder.severity)
    return stairs.deadline(level, given.at, given.rules.calendar)


def call(ladder: Ladder, level: int, given: Given[Rules]) -> Iterable[Fact]:
    """At once, or when the clinic opens."""
    stairs = given.rules.escalation.ladder(ladder.severity)
    begins = stairs.begins(given.at, given.rules.calendar)
    if begins > given.at:
        return [RoundPlanned(call_at=begins)]
    people = called(stairs, level, ladder.queue, given.at, given.rules.staff, given.rules.calendar)
    pages = (paged(ladder, each, channel, given) for each in people for channel in channels(each))
    now = tuple(each.id for each in people)
    earlier = tuple(each for each in ladder.called if each not in now)
    return [RoundCalled(called=now, earlier=earlier), *pages]


def channels(member: StaffMember) -> Iterable[Channel]:
    """Every one that the person has, at the same time."""
    if member.channels.phone:
        yield "sms"
    yield "email"


def paged(ladder: Ladder, member: StaffMember, channel: Channel, given: Given[Rules]) -> PersonPaged:
    """Each round, person and channel is one message, however often this is decided (NOT-10)."""
    number = ladder.rounds + 1
    return PersonPaged(
        message_id=message_key(member.id, "ESCALATION_PAGE", given.target, number, channel),
        recipient_id=member.id,
        template="ESCALATION_PAGE",
        subject_id=given.target,
        subject_version=number,
        send_at=given.at,
        only=channel,
        code=ladder.code,
        emergency=ladder.severity == "emergency",
    )
