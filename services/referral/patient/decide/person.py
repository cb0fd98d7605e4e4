"""Two records of one person, and that a person died: decided by somebody by name, and told under every key (EVT-03,
PRV-31)."""

from datetime import date

from backbone.model import Decision, Given, Refused, Table, TooEarly, by, decider, ignores
from schemas.fact import Fact
from schemas.referral.v1.codes import DEATH_SOURCE
from schemas.referral.v1.patient import (
    DeathDoubted,
    DeathSettled,
    MergeUndone,
    PatientDeceased,
    PatientsMerged,
)
from services.referral.patient.decide.registration import record_of
from services.referral.patient.facts import ContactShared, DeathFiled, DeathTakenBack, MatchFound
from services.referral.patient.states import (
    Filed,
    GiveBack,
    Merged,
    MergeInto,
    RecordDeath,
    Registered,
    Restore,
    SettleDeath,
    ShareContact,
    TakeBackDeath,
    TakeIn,
    Unregistered,
)
from services.referral.roles import RECORDS_DEATH, REGISTRAR
from services.referral.rules import Rules


@by(REGISTRAR)
def take_in(state: Registered, command: TakeIn, given: Given[Rules]) -> Decision:
    """What the other record knows of a death holds for the person."""
    other = given.others["patient", command.merged_id]
    if command.merged_id in state.merged:
        return ()
    if command.merged_id == given.target or not isinstance(other, Registered):
        return Refused("only another active patient can be merged", code="not-active")
    if other.merged:
        return Refused("that record stands for others: undo its merges first", instead=("GiveBack",))
    told = PatientsMerged(surviving_id=given.target, merged_id=command.merged_id)
    death = death_of(state, other, command.merged_id, given)
    return [told, *death, *two_days(state, other.died_on, command.merged_id)]


@by(REGISTRAR)
def merge_into(state: Registered, command: MergeInto, given: Given[Rules]) -> Decision:
    surviving = given.others["patient", command.surviving_id]
    told = PatientsMerged(surviving_id=command.surviving_id, merged_id=given.target)
    if not isinstance(surviving, Registered):
        return [told]
    shared = ContactShared(contact_ref=surviving.contact_ref)
    return [told, shared, *death_of(state, surviving, command.surviving_id, given)]


@by(REGISTRAR)
def merge_again(state: Merged, command: MergeInto | TakeIn, given: Given[Rules]) -> Decision:
    if isinstance(command, MergeInto) and command.surviving_id == state.into:
        return ()
    return Refused(f"this record is known as {state.into}", instead=("Restore",), code="merged")


@by(REGISTRAR)
def give_back(state: Registered, command: GiveBack, given: Given[Rules]) -> Decision:
    """Each record belongs again to the patient it was born with; what was recorded here since stays here. Referrals
    among it may be the other patient's: somebody looks at each."""
    if command.restored_id not in state.merged:
        return Refused("that record is not part of this one", code="not-merged")
    told = MergeUndone(surviving_id=given.target, restored_id=command.restored_id, decided_by=decider(given))
    since = state.referrals[state.before_merge.get(command.restored_id, len(state.referrals)) :]
    found = (whose(each, state) for each in since if each.ended_on is None)
    return [told, *doubted(state, command.restored_id), *found]


def whose(filed: Filed, state: Registered) -> MatchFound:
    """Came while two patients were taken for one."""
    first = state.told_by or filed.referral_id
    return MatchFound(referral_id=filed.referral_id, other_referral_id=first, basis=("merge_undone",))


@by(REGISTRAR)
def restore(state: Merged, command: Restore, given: Given[Rules]) -> Decision:
    if command.surviving_id != state.into:
        return Refused(f"this record is known as {state.into}", code="not-merged")
    told = MergeUndone(surviving_id=state.into, restored_id=given.target, decided_by=decider(given))
    return [told, *doubted(state.record, state.into)]


@by(REGISTRAR)
def nothing_to_undo(state: Registered, command: Restore, given: Given[Rules]) -> Decision:
    return Refused("this record is not merged", code="not-merged")


@by(RECORDS_DEATH)
def record_death(state: Registered | Merged, command: RecordDeath, given: Given[Rules]) -> Decision:
    """For good, unless a registrar finds that they live: nothing of what it cancels comes back. Told again when it
    becomes known on which day; another day than the known one is somebody's to settle."""
    record = record_of(state)
    if command.source not in DEATH_SOURCE:
        return Refused(f"{command.source} is no source", code="unknown-code")
    if to_come(command.died_on, given):
        return Refused("the day is still to come", code="in-the-future")
    was_settled = command.came_from is not None and differs(record, command.died_on)
    if not is_news(record, command.died_on) and not was_settled:
        return two_days(record, command.died_on, given.target)
    by_whom = command.decided_by or given.actor.id
    if by_whom is None:
        return Refused("a named person records it", code="not-permitted")
    told = PatientDeceased(died_on=command.died_on, source=command.source)
    filed = DeathFiled(
        decided_by=by_whom,
        others=others_of(state),
        came_from=origin(record, command.came_from),
        died_on=command.died_on,
    )
    return [told, filed]


def to_come(day: date | None, given: Given[Rules]) -> bool:
    return day is not None and day > given.rules.calendar.day(given.at)


def differs(record: Registered, died_on: date | None) -> bool:
    return None not in (died_on, record.died_on) and died_on != record.died_on


def two_days(record: Registered, died_on: date | None, from_id: str) -> list[Fact]:
    """Which of them it was is asked, once for each."""
    is_asked = record.is_doubted and record.other_day == died_on
    return (
        [DeathDoubted(from_id=from_id, died_on=died_on)] if differs(record, died_on) and not is_asked else []
    )


def is_news(record: Registered, died_on: date | None) -> bool:
    """That they died; or on which day, where nobody knew."""
    return not record.is_dead or (record.died_on is None and died_on is not None)


def origin(record: Registered, came_from: str | None) -> str | None:
    """Of a day that is added later nothing depends: what first told the death stays its origin."""
    return record.death_from if record.is_dead else came_from


def share_contact(state: Merged, command: ShareContact, given: Given[Rules]) -> Decision:
    same = state.contact_ref == command.contact_ref
    return () if same else [ContactShared(contact_ref=command.contact_ref)]


def others_of(state: Registered | Merged) -> tuple[str, ...]:
    return (state.into,) if isinstance(state, Merged) else state.merged


def doubted(record: Registered, other_id: str) -> list[Fact]:
    """They are two persons: who of them died is asked, where one record had it from the other."""
    came_from_it = record.is_dead and record.death_from == other_id
    return [DeathDoubted(from_id=other_id)] if came_from_it else []


@by(REGISTRAR)
def settle_death(state: Registered | Merged, command: SettleDeath, given: Given[Rules]) -> Decision:
    """Asked or not, who lives is not kept among the dead: a death may have been written into the wrong record."""
    record = record_of(state)
    if not (record.is_doubted or (record.is_dead and command.lives)):
        return Refused("nobody doubts that they died, or that they live", code="not-asked")
    settled = DeathSettled(lives=command.lives, decided_by=decider(given), died_on=command.died_on)
    if command.lives and command.died_on:
        return Refused("who lives has no day of death", code="no-day")
    if to_come(command.died_on, given):
        return Refused("the day is still to come", code="in-the-future")
    if not command.lives:
        return [settled, *settled_on(state, command.died_on, given)]
    return [settled, DeathTakenBack(decided_by=decider(given), others=others_of(state))]


def settled_on(state: Registered | Merged, died_on: date | None, given: Given[Rules]) -> list[Fact]:
    """For every record of the person, whichever day each of them knew."""
    record = record_of(state)
    day = died_on or record.died_on
    if day is None or not (died_on or record.other_day):
        return []
    told = [PatientDeceased(died_on=day, source="registry")] if day != record.died_on else []
    return [*told, DeathFiled(decided_by=decider(given), others=others_of(state), died_on=day)]


def take_back_death(state: Registered | Merged, command: TakeBackDeath, given: Given[Rules]) -> Decision:
    """Every record of the person had it from the one that is in doubt."""
    if not record_of(state).is_dead:
        return ()
    settled = DeathSettled(lives=True, decided_by=command.decided_by)
    return [settled, DeathTakenBack(decided_by=command.decided_by, others=others_of(state))]


def death_of(state: Registered, other: Registered, other_id: str, given: Given[Rules]) -> list[Fact]:
    """It holds for every record that was merged into this one before."""
    if not other.is_dead or not is_news(state, other.died_on):
        return []
    told = PatientDeceased(died_on=other.died_on, source="registry")
    filed = DeathFiled(
        decided_by=decider(given),
        others=state.merged,
        came_from=origin(state, other_id),
        died_on=other.died_on,
    )
    return [told, filed]


def not_registered(state: Unregistered, command: RecordDeath, given: Given[Rules]) -> Decision:
    return TooEarly("nobody is registered under this id, or not yet", code="unknown-patient")


PERSON = Table(
    *(take_in, merge_into, merge_again, give_back, restore, nothing_to_undo),
    *(record_death, not_registered, share_contact, settle_death, take_back_death),
    ignores(TakeBackDeath, when=(Unregistered,)),
    ignores(ShareContact, when=(Unregistered, Registered)),
)
