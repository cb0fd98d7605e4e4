"""The authorisation as one aggregate: what the payer answered, for how long, and for which procedures it is needed."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from msgspec.structs import replace

from backbone.model import (
    Aggregate,
    Columns,
    Command,
    Decision,
    Given,
    Head,
    Refused,
    Table,
    Timer,
    by,
    field,
    ignores,
    like,
)
from schemas.codes import ProcedureFamily
from schemas.scheduling.v1.authorisation import AuthorisationExpired, AuthorisationRecorded
from schemas.scheduling.v1.codes import AuthorisationStatus
from services.scheduling.authorisation.facts import AuthorisationNeeded, AuthorisationRanOut, NeedEnded
from services.scheduling.authorisation.states import (
    Approved,
    Authorisation,
    Denied,
    Expired,
    Known,
    NoAuthorisation,
    Pending,
    Unanswered,
)
from services.scheduling.roles import COORDINATOR
from services.scheduling.rules import Rules


class NeedAuthorisation(Command, tag="need_authorisation", kw_only=True, frozen=True):
    procedure_id: str
    family: ProcedureFamily


class EndNeed(Command, tag="end_need", kw_only=True, frozen=True):
    procedure_id: str


class RecordAuthorisation(Command, tag="record_authorisation", kw_only=True, frozen=True):
    """What the payer said."""

    status: AuthorisationStatus
    valid_from: date | None = None
    valid_to: date | None = None


class CheckReach(Command, tag="check_reach", kw_only=True, frozen=True):
    """Does it hold on the day that the procedure has now?"""

    procedure_id: str
    day: date


class RunOut(Command, tag="run_out", kw_only=True, frozen=True):
    """Timer: its last day is over."""

    on: date


def need(state: Authorisation, command: NeedAuthorisation, given: Given[Rules]) -> Decision:
    known = isinstance(state, Known) and command.procedure_id in state.procedures
    return () if known else [like(AuthorisationNeeded, command)]


def end_need(state: Known, command: EndNeed, given: Given[Rules]) -> Decision:
    return [like(NeedEnded, command)] if command.procedure_id in state.procedures else ()


@by(COORDINATOR)
def record(state: Known, command: RecordAuthorisation, given: Given[Rules]) -> Decision:
    """An approval holds from one day to another: without an end nobody would ask again."""
    first, last = command.valid_from, command.valid_to
    if command.status == "approved" and (first is None or last is None or last < first):
        return Refused(
            "valid_from, valid_to: say from when until when it is approved", code="validity-missing"
        )
    if command.status != "approved" and (first or last):
        return Refused("valid_from, valid_to: only an approval has them", code="validity-of-nothing")
    return () if says_the_same(state, command) else [told(state, command, given)]


def says_the_same(state: Known, command: RecordAuthorisation) -> bool:
    if isinstance(state, Approved):
        return (command.valid_from, command.valid_to) == (state.valid_from, state.valid_to)
    return isinstance(state, {"pending": Pending, "denied": Denied}.get(command.status, NoAuthorisation))


def told(state: Known, command: RecordAuthorisation, given: Given[Rules]) -> AuthorisationRecorded:
    return like(AuthorisationRecorded, command, authorisation_id=given.target, family=state.family)


def check(state: Approved, command: CheckReach, given: Given[Rules]) -> Decision:
    """PRC-05: it will end before the date. Said once of each procedure."""
    settled = command.procedure_id not in state.procedures or command.procedure_id in state.told
    return () if settled or not state.is_over(command.day) else [ended(state, command.procedure_id, given)]


def ended(state: Approved, procedure_id: str, given: Given[Rules]) -> AuthorisationExpired:
    return AuthorisationExpired(
        authorisation_id=given.target, procedure_id=procedure_id, expired_on=state.valid_to
    )


def run_out(state: Approved, command: RunOut, given: Given[Rules]) -> Decision:
    """Told of each, also where it was said before that it would not reach."""
    if command.on != state.valid_to or not state.is_over(given.rules.calendar.day(given.at)):
        return ()
    return [like(AuthorisationRanOut, command), *(ended(state, each, given) for each in state.procedures)]


def needed(state: Authorisation, fact: AuthorisationNeeded, head: Head) -> Known:
    if isinstance(state, NoAuthorisation):
        return Unanswered(family=fact.family, referral_id=head.pathway_id, procedures=(fact.procedure_id,))
    return replace(state, procedures=(*state.procedures, fact.procedure_id))


def need_ended(state: Known, fact: NeedEnded, head: Head) -> Known:
    return replace(state, procedures=tuple(each for each in state.procedures if each != fact.procedure_id))


def recorded(state: Known, fact: AuthorisationRecorded, head: Head) -> Pending | Approved | Denied:
    if fact.status == "approved" and fact.valid_from and fact.valid_to:
        return like(Approved, state, valid_from=fact.valid_from, valid_to=fact.valid_to, told=())
    if fact.status == "denied":
        return like(Denied, state, told=())
    return like(Pending, state, told=())


def ran_out(state: Approved, fact: AuthorisationRanOut, head: Head) -> Expired:
    return like(Expired, state)


def expired(state: Approved | Expired, fact: AuthorisationExpired, head: Head) -> Approved | Expired:
    return replace(state, told=tuple(dict.fromkeys((*state.told, fact.procedure_id))))


def timers(state: Authorisation, rules: Rules) -> Mapping[str, Timer]:
    if not isinstance(state, Approved):
        return {}
    day_after = rules.calendar.at(state.valid_to + timedelta(days=1), time.min)
    return {"end": Timer(day_after, RunOut(on=state.valid_to))}


class AuthorisationColumns(Columns):
    """How authorisations are found."""

    referral_id = field("referral_id")


AUTHORISATION = Aggregate[Authorisation](
    "authorisation",
    NoAuthorisation(),
    decide=Table(
        *(need, end_need, record, check, run_out),
        ignores(EndNeed, CheckReach, when=(NoAuthorisation,)),
        ignores(CheckReach, RunOut, when=(Unanswered, Pending, Denied, Expired)),
    ),
    evolve=Table(needed, need_ended, recorded, ran_out, expired),
    timers=timers,
    columns=AuthorisationColumns,
)
