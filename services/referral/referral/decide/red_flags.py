"""Red flags that people raise and resolve. Software never closes one (REF-11)."""

from backbone.ids import derive
from backbone.model import Decision, Given, Refused, Ruled, Step, Table, by, decider, ignores, like
from schemas.codes import LIVES, RedFlag
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved
from services.referral.referral.commands import FollowEscalation, RaiseOpenFlags, RaiseRedFlag, ResolveRedFlag
from services.referral.referral.decide.evaluation import raise_flag
from services.referral.referral.decide.information import noted
from services.referral.referral.decide.screening import is_known
from services.referral.referral.facts import RedFlagAcknowledged
from services.referral.referral.states import Course, Draft, Known
from services.referral.roles import CLINICIAN
from services.referral.rules import Rules


def unclear_flag_id(referral_id: str, flag: str) -> str:
    """The id under which an unclear flag is resolved: it was never raised, so it has none of its own."""
    return derive(referral_id, f"unclear:{flag}")


@by(CLINICIAN)
def raise_red_flag(state: Known, command: RaiseRedFlag, given: Given[Rules]) -> Decision:
    """In every state: a sign that somebody learns of is never too late."""
    row = given.rules.red_flags.red_flags.values.flags[command.flag]
    severity = row.severe(is_past=command.is_past is True)
    if is_known(state.course, command.flag, severity):
        return ()
    return [raise_flag(command.flag, severity, command.source, given, without(state.course, command.flag))]


def raise_open_flags(state: Known, command: RaiseOpenFlags, given: Given[Rules]) -> Decision:
    """Whoever was called about them was told that nobody needs them, and the work ended with the death."""
    rule, unclear = given.rules.red_flags.red_flags, state.course.unclear or None
    told = (
        RedFlagRaised(
            flag_id=each.flag_id,
            flag=each.flag,
            severity=each.severity,
            source="referral",
            still_unclear=unclear,
            because=LIVES,
        )
        for each in state.course.open_flags
    )
    return [Ruled(fact, (rule,)) for fact in told]


@by(CLINICIAN)
def resolve_red_flag(state: Known, command: ResolveRedFlag, given: Given[Rules]) -> Decision:
    """A named clinician assessed it."""
    flag = state.course.flag(command.flag_id)
    if flag is None:
        return resolve_unclear(state.course, command, given)
    if not flag.is_open:
        return () if flag.result == command.result else Refused(f"it was assessed already: {flag.result}")
    return resolved(flag.flag, command, state.course.unclear, given)


def follow_escalation(state: Known, command: FollowEscalation, given: Given[Rules]) -> Decision:
    """The first who takes it up; what is about something else is nothing to a flag."""
    flag = state.course.flag(command.flag_id)
    if flag is None or flag.acknowledged_by is not None:
        return ()
    return [like(RedFlagAcknowledged, command)]


def resolve_unclear(course: Course, command: ResolveRedFlag, given: Given[Rules]) -> Decision:
    """Somebody asked: the flag that nobody could answer is not there. One that is there is raised instead."""
    unclear = [flag for flag in course.unclear if unclear_flag_id(given.target, flag) == command.flag_id]
    if not unclear:
        return Refused("this referral has no such red flag", code="not-found")
    if command.result != "not_present":
        return Refused("it has not been raised", instead=("RaiseRedFlag",))
    return resolved(unclear[0], command, without(course, unclear[0]), given)


def resolved(
    flag: RedFlag, command: ResolveRedFlag, unclear: tuple[RedFlag, ...], given: Given[Rules]
) -> list[Step]:
    """The call to the referrer goes on until nothing is unclear."""
    fact = RedFlagResolved(
        flag_id=command.flag_id,
        flag=flag,
        result=command.result,
        decided_by=decider(given),
        still_unclear=unclear or None,
    )
    return [fact, *noted(command.note, "resolve_red_flag", given)]


def without(course: Course, settled: RedFlag) -> tuple[RedFlag, ...]:
    """What else nobody could answer."""
    return tuple(flag for flag in course.unclear if flag != settled)


FLAGS = Table(
    *(raise_red_flag, raise_open_flags, resolve_red_flag, follow_escalation),
    ignores(FollowEscalation, RaiseOpenFlags, when=Draft),
)
