"""Every state × command of an escalation is answered; and the roster that ladders are read from."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from backbone.ids import ROOT, derive
from backbone.model import Command, Refused, State
from config.escalation import called, clinic_hours_later, next_opening, unheld
from config.staff import StaffDirectory
from services.notifications.escalation.aggregate import ESCALATION
from services.notifications.escalation.commands import (
    AnswerPage,
    CallLater,
    MissAssessment,
    NoteAssessment,
    NoteClaim,
    NoteItem,
    NoteRelease,
    PassDeadline,
    Raise,
    RecordCall,
    Resolve,
)
from services.notifications.escalation.states import (
    Acknowledged,
    Ladder,
    Origin,
    Quiet,
    Raised,
    Resolved,
)
from services.notifications.roster.aggregate import ROSTER, CheckRoster
from tests.support.deciding import START, deciding
from tests.support.feed import clinic
from tests.unit.notifications.situations import COORDINATOR, rules

NOW = START + timedelta(hours=2)
given = deciding(ESCALATION, rules(), actor=COORDINATOR, at=NOW)
FLAG, REFERRAL, ITEM = (derive(ROOT, name) for name in ("a flag", "a referral", "an item"))
ON_CALL = rules().staff.by_login["paul.okafor"].id
FIRST = Origin("referral", REFERRAL, 3, START)
THEN = Origin("referral", REFERRAL, 4, START + timedelta(hours=1))
LADDER = Ladder(
    subject_type="red_flag",
    subject_id=FLAG,
    severity="emergency",
    queue="medical",
    raised_by=FIRST,
    code="482913",
    rounds=1,
    called=(ON_CALL,),
)
STATES: dict[str, State] = {
    "none": Quiet(),
    "raised": Raised(ladder=LADDER, level=1, ack_due_at=START + timedelta(minutes=15)),
    "planned": Raised(ladder=LADDER, level=1, ack_due_at=START + timedelta(minutes=15), call_at=NOW),
    "acknowledged": Acknowledged(ladder=LADDER, level=1, by=ON_CALL, at=START, via="page"),
    "claimed": Acknowledged(ladder=LADDER, level=1, by=ON_CALL, at=START, via="worklist"),
    "assessed": Acknowledged(ladder=LADDER, level=1, by=ON_CALL, at=START, via="page", assessed=True),
    "resolved": Resolved(ladder=LADDER, resolved_by=FIRST),
}


def raise_it(origin: Origin) -> Raise:
    return Raise(
        origin=origin, subject_type="red_flag", subject_id=FLAG, severity="emergency", queue="medical"
    )


COMMANDS: dict[str, Command] = {
    "raise": raise_it(THEN),
    "the same": raise_it(FIRST),
    "resolve": Resolve(origin=THEN),
    "assessment": NoteAssessment(origin=THEN, by_id=ON_CALL),
    "item": NoteItem(item_id=ITEM),
    "claim": NoteClaim(by_id=ON_CALL, at=NOW),
    "given back": NoteRelease(at=NOW),
    "reply": AnswerPage(by_id=ON_CALL),
    "call": RecordCall(by_id=ON_CALL),
    "later": CallLater(),
    "deadline": PassDeadline(),
    "no assessment": MissAssessment(),
}
F, N, R = "facts", "nothing", "refused"

#                  none raised planned acknowledged claimed assessed resolved
EXPECTED: dict[str, tuple[str, ...]] = {
    "raise":         (F, F, F, F, F, F, F),
    "the same":      (F, N, N, N, N, N, N),
    "resolve":       (F, F, F, F, F, F, F),
    "assessment":    (N, F, F, F, F, N, N),
    "item":          (F, F, F, F, F, F, F),
    "claim":         (F, F, F, N, N, N, N),
    "given back":    (N, N, N, N, F, N, N),
    "reply":         (N, F, F, N, N, N, N),
    "call":          (R, F, F, N, N, N, N),
    "later":         (N, N, F, N, N, N, N),
    "deadline":      (N, F, F, N, N, N, N),
    "no assessment": (N, N, N, F, F, N, N),
}  # fmt: skip


def outcome(state: State, command: Command) -> str:
    result = given(state).when(command)
    if result.refusal is not None:
        assert isinstance(result.refusal, Refused)
        return R
    return F if result.facts else N


@pytest.mark.parametrize("command", COMMANDS)
def test_every_state_answers_the_command(command: str) -> None:
    assert tuple(outcome(state, COMMANDS[command]) for state in STATES.values()) == EXPECTED[command]


def test_every_state_and_command_is_tried() -> None:
    assert {type(state) for state in STATES.values()} == set(ESCALATION.states)
    assert {type(command) for command in COMMANDS.values()} == set(ESCALATION.decide.rights)


@pytest.mark.parametrize("name", STATES)
def test_a_state_survives_storage(name: str) -> None:
    state: Any = STATES[name]
    assert ESCALATION.state_decoder.decode(msgspec.json.encode(state)) == state


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_survives_storage(name: str) -> None:
    assert ESCALATION.command_decoder.decode(msgspec.json.encode(COMMANDS[name])) == COMMANDS[name]


def test_a_resolution_that_comes_before_the_raise_calls_nobody() -> None:
    result = given(Quiet(resolved_by=THEN)).when(raise_it(FIRST))
    assert [type(fact).__name__ for fact, _ in result.facts] == ["RaiseOvertaken"]
    assert isinstance(result.state, Resolved)


def test_a_deadline_that_passed_long_ago_gives_people_their_whole_time() -> None:
    result = given(STATES["raised"]).when(PassDeadline())
    assert isinstance(result.state, Raised)
    assert result.state.ack_due_at == NOW + timedelta(minutes=15)


def test_who_acknowledged_and_has_not_assessed_is_called_again_at_level_two() -> None:
    steps = (raise_it(FIRST), AnswerPage(by_id=ON_CALL), NOW + timedelta(hours=2))
    result = given(*steps).when(MissAssessment())
    assert isinstance(result.state, Raised)
    assert (result.state.level, result.state.ladder.rounds) == (2, 2)


def test_a_roster_is_found_incomplete_once_and_complete_once() -> None:
    nobody = rules().model_copy(update={"staff": without(duties=[])})
    world = deciding(ROSTER, nobody)().world
    for holds, found in ((nobody, 1), (nobody, 1), (rules(), 2), (rules(), 2), (nobody, 3)):
        world.rules = holds
        world.take(CheckRoster())
        assert len(world.facts) == found


LADDERS = rules().escalation.ladders.values


@pytest.mark.parametrize(
    ("severity", "level", "when", "logins"),
    [
        ("emergency", 1, "2027-02-01 09:00", ["maya.stein", "paul.okafor"]),
        ("emergency", 1, "2027-02-06 03:00", ["paul.okafor"]),
        ("emergency", 2, "2027-02-06 03:00", ["paul.okafor"]),
        ("emergency", 3, "2027-02-06 03:00", ["edith.brandt", "paul.okafor"]),
        ("same_day", 1, "2027-02-01 09:00", ["maya.stein"]),
        ("same_day", 1, "2027-02-01 17:00", ["paul.okafor"]),
        ("same_day", 2, "2027-02-01 17:00", ["paul.okafor", "mina.cho"]),
        ("same_day", 3, "2027-02-01 17:00", ["edith.brandt"]),
        ("urgent", 1, "2027-02-01 09:00", ["maya.stein"]),
        ("urgent", 1, "2027-02-01 19:00", ["mina.cho"]),
        ("breach", 1, "2027-02-01 09:00", ["mina.cho"]),
        ("breach", 3, "2027-02-01 09:00", ["mina.cho", "edith.brandt"]),
    ],
)
def test_the_people_of_a_level_are_called_or_those_of_the_next(
    severity: Any, level: int, when: str, logins: list[str]
) -> None:
    staff, calendar = rules().staff, rules().calendar
    people = called(LADDERS.of(severity), level, "medical", clinic(when), staff, calendar)
    assert [each.login for each in people] == logins


@pytest.mark.parametrize(
    ("severity", "level", "at", "until"),
    [
        ("emergency", 1, "2027-02-06 03:00", "2027-02-06 03:15"),
        ("same_day", 1, "2027-02-05 21:30", "2027-02-05 22:00"),
        ("same_day", 2, "2027-02-05 22:00", "2027-02-05 22:15"),
        ("urgent", 1, "2027-03-09 11:00", "2027-03-09 15:00"),
        ("urgent", 1, "2027-03-12 16:00", "2027-03-15 11:00"),
        ("urgent", 1, "2027-03-13 11:00", "2027-03-15 12:00"),
        ("urgent", 3, "2027-03-12 16:00", "2027-03-13 16:00"),
        ("breach", 1, "2027-03-12 08:00", "2027-03-15 17:00"),
        ("breach", 3, "2027-03-12 08:00", "2027-03-19 08:00"),
    ],
)
def test_deadlines_are_minutes_clinic_hours_or_business_days(
    severity: Any, level: int, at: str, until: str
) -> None:
    ladder = LADDERS.of(severity)
    if severity == "breach" and level == 3:
        assert ladder.deadline(level, clinic(at), rules().calendar) - clinic(at) == timedelta(days=7)
    else:
        assert ladder.deadline(level, clinic(at), rules().calendar) == clinic(until)


def test_the_clinic_opens_in_the_morning_of_a_working_day() -> None:
    calendar = rules().calendar
    for at, opens in (
        ("2027-02-05 09:00", "2027-02-05 09:00"),
        ("2027-02-05 06:00", "2027-02-05 08:00"),
        ("2027-02-05 17:00", "2027-02-08 08:00"),
        ("2027-02-07 03:00", "2027-02-08 08:00"),
    ):
        assert next_opening(calendar, clinic(at)) == clinic(opens)
    five = timedelta(hours=5)
    assert clinic_hours_later(calendar, clinic("2027-02-05 16:00"), five) == clinic("2027-02-08 12:00")


def without(**changed: Any) -> StaffDirectory:
    return StaffDirectory.model_validate(rules().staff.model_dump(by_alias=True) | changed)


def test_every_post_that_a_ladder_needs_is_held_by_somebody_with_a_phone() -> None:
    escalations, staff = rules().escalation, rules().staff
    assert unheld(escalations, staff) == ()
    nobody = without(duties=[])
    assert unheld(escalations, nobody) == (
        *("coordination", "emergency_contact", "medical", "nursing", "on_call_physician", "psychology"),
    )
    members = staff.model_dump(by_alias=True)["members"]
    silent = [{**each, "channels": {"email": each["channels"]["email"]}} for each in members]
    assert {"clinical_lead", "medical_director", "service_manager"} < set(
        unheld(escalations, without(members=silent))
    )
    duties = staff.model_dump(by_alias=True)["duties"]
    weekdays = [each for each in duties if "saturday" not in each["days"]]
    assert "on_call_physician" in unheld(escalations, without(duties=weekdays)), "nobody at the weekend"
