"""Whether two referrals, or two records, may be one: the rules only ask, a named person decides."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from backbone.model import Decision, Given, Table, by, ignores
from schemas.referral.v1.codes import MatchBasis
from services.referral.patient.decide.registration import record_of
from services.referral.patient.facts import KeptApart, MatchFound, ReferralClosed, ReferralFiled
from services.referral.patient.states import (
    CloseReferral,
    Filed,
    FileReferral,
    FindAlike,
    KeepApart,
    Merged,
    Registered,
    Unregistered,
    person_of,
)
from services.referral.roles import DISMISSES_DUPLICATES
from services.referral.rules import Rules


def file(state: Registered | Merged, command: FileReferral, given: Given[Rules]) -> Decision:
    """Same patient, and the same region or block of diagnoses in an open referral; or one that ended lately."""
    record = record_of(state)
    if any(each.referral_id == command.referral_id for each in record.referrals):
        return ()
    blocks = tuple(dict.fromkeys(block_of(code) for code in command.conditions))
    filed = ReferralFiled(referral_id=command.referral_id, body_sites=command.body_sites, blocks=blocks)
    new, today = Filed(command.referral_id, command.body_sites, blocks), given.rules.calendar.day(given.at)
    found = [(other, tuple(alike(new, other, today, given.rules))) for other in referrals_of(record, given)]
    return [
        filed,
        *asked(command.referral_id, [(other, basis) for other, basis in found if basis], given.rules),
    ]


def asked(
    referral_id: str, found: Sequence[tuple[Filed, tuple[MatchBasis, ...]]], rules: Rules
) -> Iterable[MatchFound]:
    """The closest: what is still open before what ended, then what has more in common, then the latest."""
    latest = found[::-1]
    closest = sorted(latest, key=lambda each: (each[0].ended_on is not None, -len(each[1])))
    most = rules.referral.lookalikes.values.asked
    for other, basis in closest[:most]:
        more = max(len(closest) - most, 0) or None
        yield MatchFound(referral_id=referral_id, other_referral_id=other.referral_id, basis=basis, more=more)


def referrals_of(record: Registered, given: Given[Rules]) -> Iterable[Filed]:
    """Of this record, and of every other of the same person."""
    yield from record.referrals
    for other in given.others.values():
        if isinstance(other, Registered | Merged):
            yield from record_of(other).referrals


def alike(new: Filed, other: Filed, today: date, rules: Rules) -> Sequence[MatchBasis]:
    overlap: list[MatchBasis] = []
    if set(new.body_sites) & set(other.body_sites):
        overlap.append("same_body_site")
    if set(new.blocks) & set(other.blocks):
        overlap.append("same_condition")
    if other.ended_on is None:
        return overlap
    window = timedelta(days=rules.referral.duplicates.values.window_days)
    return ["seen_recently", *overlap] if today - other.ended_on <= window else []


def block_of(code: str) -> str:
    """A diagnosis without its last digits: `MG30.02` and `MG30.1` are of one block."""
    return code.upper().partition(".")[0].partition("&")[0].partition("/")[0]


def close(state: Registered | Merged, command: CloseReferral, given: Given[Rules]) -> Decision:
    known = [each for each in record_of(state).referrals if each.referral_id == command.referral_id]
    if not known or known[0].ended_on is not None:
        return ()
    return [ReferralClosed(referral_id=command.referral_id, on=command.on)]


def find_alike(state: Registered | Merged, command: FindAlike, given: Given[Rules]) -> Decision:
    """Another identifier, and the same name, birth date and telephone number."""
    known = person_of(given.target, state) | set(record_of(state).others)
    if command.patient_id in known:
        return ()
    return [
        MatchFound(
            referral_id=command.referral_id,
            other_referral_id=command.other_referral_id,
            basis=("same_name_birth_date_phone",),
            more=command.more,
        )
    ]


@by(DISMISSES_DUPLICATES)
def keep_apart(state: Registered | Merged, command: KeepApart, given: Given[Rules]) -> Decision:
    known = person_of(given.target, state) | set(record_of(state).others)
    return () if command.patient_id in known else [KeptApart(patient_id=command.patient_id)]


MATCHING = Table(
    *(file, close, find_alike, keep_apart),
    ignores(FileReferral, CloseReferral, FindAlike, when=(Unregistered,)),
)
