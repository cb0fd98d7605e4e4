"""Case, meeting and action as aggregates: their tables put together, and what follows from their states."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from backbone.ids import derive
from backbone.model import Aggregate, Column, Columns, Command, Flag, Timer, field
from services.care_plan.mdt import evolve
from services.care_plan.mdt.commands import (
    AskByInterval,
    AskTeam,
    BeginInterval,
    DecideCase,
    DeferCase,
    ListCase,
    RequestCase,
    ShortenInterval,
)
from services.care_plan.mdt.decide.action import ACTION
from services.care_plan.mdt.decide.case import CASE, last_day
from services.care_plan.mdt.decide.meeting import MEETING
from services.care_plan.mdt.states import (
    Listed,
    MdtAction,
    MdtCase,
    MdtMeeting,
    NoAction,
    NoCase,
    NoMeeting,
    OpenTask,
    Requested,
)
from services.care_plan.risk.states import risk_seen
from services.care_plan.rules import Rules


def timers(state: MdtCase, rules: Rules) -> Mapping[str, Timer]:
    """MDT-01: the rule is "more than", so the day after."""
    interval = state.known.interval
    if interval is None or interval.held or isinstance(state, Requested | Listed):
        return {}
    over = last_day(interval, rules) + timedelta(days=1)
    return {"interval": Timer(rules.calendar.daily(over), AskByInterval(since=interval.on))}


def needs(state: MdtCase, command: Command) -> Iterable[tuple[str, str]]:
    """Whether a case may be listed, decided or put off depends on the meeting; how long it may wait, on the risk;
    whether it is one, on the referral."""
    if isinstance(command, BeginInterval | ShortenInterval):
        yield from risk_seen(command.patient_id)
    if isinstance(command, AskTeam | RequestCase) and command.referral_id:
        yield "history", command.referral_id
    if isinstance(command, ListCase | DecideCase):
        yield MDT_MEETING.kind, command.meeting_id
    if isinstance(command, DeferCase) and command.next_meeting_id:
        yield MDT_MEETING.kind, command.next_meeting_id


class MdtCases(Columns):
    """How cases are found."""

    meeting_id = field("meeting_id")
    referral_id = Column(lambda state: state.known.referral_id)
    patient_id = Column(lambda state: state.known.patient_id)


MDT_CASE = Aggregate[MdtCase](
    "mdt_case",
    NoCase(),
    decide=CASE,
    evolve=evolve.CASE,
    needs=needs,
    timers=timers,
    columns=MdtCases,
)

MDT_MEETING = Aggregate[MdtMeeting](
    "mdt_meeting",
    NoMeeting(),
    decide=MEETING,
    evolve=evolve.MEETING,
    has_lane=False,
    has_pathway=False,
)


class MdtActions(Columns):
    """How actions are found."""

    referral_id = field("referral_id")
    kind_of_action = field("kind")
    open = Flag(lambda state: isinstance(state, OpenTask))


MDT_ACTION = Aggregate[MdtAction](
    "mdt_action", NoAction(), decide=ACTION, evolve=evolve.ACTION, columns=MdtActions
)


def case_id(referral_id: str) -> str:
    """The case of a referral."""
    return derive(referral_id, "mdt case")
