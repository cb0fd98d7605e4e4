"""Reads of the registry for the API. Nothing is changed or decided here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from dateutil.relativedelta import relativedelta

from backbone.engine.runtime import Runtime
from backbone.ids import CANONICAL
from backbone.model import Snapshot
from backbone.store.port import Reading
from services.referral.likeness.aggregate import LIKENESS, likeness_of
from services.referral.patient.aggregate import PATIENT, Patients
from services.referral.patient.evolve import record_of
from services.referral.patient.states import (
    Contact,
    Erased,
    Identity,
    Merged,
    Patient,
    Registered,
    Unregistered,
)
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.decide.red_flags import unclear_flag_id
from services.referral.referral.states import Known

ERASED = "erased"


async def labels(runtime: Runtime, patient_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Initials and number, for people who look at the board; nothing of whom nobody registered.

    Of a merged record, those of the surviving one."""
    asked = PATIENT.kind, patient_ids
    with runtime.store.retryable():
        async with runtime.store.reading() as tx:
            states = {row.id: PATIENT.state_decoder.decode(row.body) for row in await tx.load(*asked)}
            into = {each: state.into for each, state in states.items() if isinstance(state, Merged)}
            rows = await tx.load(PATIENT.kind, list(into.values()))
            survivors = {row.id: PATIENT.state_decoder.decode(row.body) for row in rows}
            shown = {each: survivors.get(into.get(each, ""), state) for each, state in states.items()}
            known = {each: state for each, state in shown.items() if isinstance(state, Registered)}
            labelled = await labels_of(tx, known)
    erased = [each for each, state in shown.items() if isinstance(state, Erased)]
    return [{"patient_id": each, "label": ERASED} for each in erased] + labelled


async def labels_of(tx: Reading, records: Mapping[str, Registered]) -> list[dict[str, Any]]:
    """Of each record its own."""
    bodies = await tx.contents([record.identity_ref for record in records.values()])
    return [
        {"patient_id": each, "label": f"{initials(bodies.get(record.identity_ref))} {record.number}".strip()}
        for each, record in records.items()
    ]


async def others(runtime: Runtime, patient: Snapshot[Patient], sought: str) -> dict[str, Any]:
    """The other records of the person; and those that a registrar may find to be: which has the number that ends what
    is sought, then who looks alike, also where somebody found once that it is another person."""
    record = patient.state if isinstance(patient.state, Registered) else None
    merged = record.merged if record else ()
    candidates = [*await numbered(runtime, sought), *await look_alikes(runtime, record)] if record else []
    with runtime.store.retryable():
        async with runtime.store.reading() as tx:
            rows = await tx.load(PATIENT.kind, [*merged, *candidates])
            states = {row.id: PATIENT.state_decoder.decode(row.body) for row in rows}
            ours = {each: record_of(states[each]) for each in merged}
            theirs = {
                each: state
                for each in candidates
                if each != patient.id and isinstance(state := states.get(each), Registered)
            }
            return {
                "patient_id": patient.id,
                "merged": await labels_of(tx, ours),
                "unmerged": await labels_of(tx, theirs),
            }


async def numbered(runtime: Runtime, sought: str) -> list[str]:
    """By a label or its number; or by the id itself, which a form had taken before."""
    if CANONICAL.fullmatch(sought):
        return [sought]
    number = sought.split(" ")[-1]
    return [each.id for each in await runtime.find(PATIENT, Patients.number(number))] if number else []


async def look_alikes(runtime: Runtime, record: Registered) -> list[str]:
    """Of the same name, birth date and telephone number."""
    found = await runtime.contents([ref for ref in (record.identity_ref, record.contact_ref) if ref])
    identity, contact = found.get(record.identity_ref), found.get(record.contact_ref)
    if identity is None or contact is None:
        return []
    key = likeness_of(
        msgspec.json.decode(identity, type=Identity), msgspec.json.decode(contact, type=Contact)
    )
    likeness = await runtime.look_up(LIKENESS, key) if key else None
    return [*likeness.state.seen] if likeness else []


async def contact(runtime: Runtime, patient_id: str) -> dict[str, Any] | None:
    """Who they are and how they are reached; None when nobody is registered under the id."""
    snapshot = await runtime.load(PATIENT, patient_id)
    if snapshot is None or isinstance(snapshot.state, Unregistered):
        return None
    if isinstance(snapshot.state, Merged):
        return await contact(runtime, snapshot.state.into)
    if isinstance(snapshot.state, Erased):
        return {"patient_id": snapshot.id, "identity": {}, "contact": {}}
    refs = {"identity": snapshot.state.identity_ref, "contact": snapshot.state.contact_ref}
    found = await runtime.contents([ref for ref in refs.values() if ref])
    return {"patient_id": snapshot.id} | {
        name: msgspec.json.decode(found[ref]) if ref in found else {} for name, ref in refs.items()
    }


async def summary(runtime: Runtime, records: Sequence[str]) -> dict[str, Any] | None:
    """Age band, and the flags that nobody has assessed yet; None when nobody is registered under the id."""
    snapshot = await runtime.load(PATIENT, records[0])
    if snapshot is None or isinstance(snapshot.state, Unregistered):
        return None
    state = snapshot.state
    into, is_dead = getattr(state, "into", None), not isinstance(state, Erased) and record_of(state).is_dead
    known = await contact(runtime, records[0]) or {}
    today = runtime.rules.calendar.day(runtime.clock.now())
    referrals = await referrals_of(runtime, records)
    return {
        "patient_id": records[0],
        "known_as": into,
        "records": list(records),
        "is_dead": is_dead,
        "age_band": age_band(known.get("identity", {}).get("birth_date"), today),
        "open_flags": [flag for each in referrals for flag in open_flags(each)],
    }


async def referrals_of(runtime: Runtime, records: Sequence[str]) -> list[Snapshot[Known]]:
    """Every referral of the person."""
    return [each async for each in runtime.each_begun(REFERRAL, records)]


def open_flags(referral: Snapshot[Known]) -> list[dict[str, Any]]:
    """Raised and not assessed, and those whose answer was unclear."""
    course = referral.state.course
    raised = [
        {"flag_id": each.flag_id, "flag": each.flag, "severity": each.severity} for each in course.open_flags
    ]
    unclear = [{"flag_id": unclear_flag_id(referral.id, each), "flag": each} for each in course.unclear]
    return [{"referral_id": referral.id, **each} for each in (*raised, *unclear)]


def age_band(birth_date: str | None, today: date) -> str | None:
    """Ten years; nobody over ninety is told apart."""
    if birth_date is None:
        return None
    years = relativedelta(today, date.fromisoformat(birth_date)).years
    return f"{years // 10 * 10}-{years // 10 * 10 + 9}" if years < 90 else "90 or more"


async def holds_claim(runtime: Runtime, patient_id: str, referral_id: str) -> str:
    """Under which record of the person it is kept what this referral's sender said otherwise."""
    for each in await runtime.records(patient_id):
        found = await runtime.load(PATIENT, each)
        if (
            found
            and isinstance(found.state, Registered | Merged)
            and referral_id in record_of(found.state).claims
        ):
            return each
    return patient_id


def initials(body: bytes | None) -> str:
    """Of the given names and the family name; nothing where the identity was erased."""
    identity = msgspec.json.decode(body, type=Identity) if body else Identity()
    names = f"{identity.given_names or ''} {identity.family_name or ''}".split()
    return "".join(name[0].upper() for name in names)
