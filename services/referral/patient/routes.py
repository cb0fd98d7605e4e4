"""HTTP routes of the patient registry. No rules."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from backbone.engine.runtime import Outcome
from backbone.http.access import Records, Running, Staff, StaffOf, Themselves
from backbone.http.calls import Call, Calling, Document, answer_with
from backbone.http.disclosure import Reads
from backbone.http.identity import Principal
from backbone.http.problems import Problem, checked_id, not_found
from backbone.http.resources import Actions, Resource, reading
from backbone.http.routes import get, post
from backbone.model import Order, Route, Snapshot, like, one, together
from backbone.store.rows import Answer
from schemas.fact import Id
from services.referral.patient import queries
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.documents import (
    Death,
    DeathCheck,
    Erasure,
    Merge,
    MergeUndoing,
    OtherRecords,
    PatientContact,
    PatientLabel,
    PatientLabels,
    PatientRecord,
    PatientSummary,
)
from services.referral.patient.evolve import record_of
from services.referral.patient.reactions import erase, merge, undo_merge
from services.referral.patient.states import (
    Erased,
    Merged,
    Patient,
    RecordDeath,
    RefuseErasure,
    SettleDeath,
    Unregistered,
)


def document(patient: Snapshot[Patient], caller: Principal) -> Document:
    state = patient.state
    if isinstance(state, Unregistered):
        return {}
    if isinstance(state, Erased):
        return {"is_erased": True, "erasure": "granted" if state.is_forgotten else "partial"}
    record = record_of(state)
    return {
        "known_as": state.into if isinstance(state, Merged) else None,
        "merged": list(record.merged),
        "is_dead": record.is_dead,
        "referrals": [each.referral_id for each in record.referrals],
    }


PATIENTS = Resource(PATIENT, document)
Person = Annotated[tuple[str, ...], Records("patient_id")]
PatientOf = Annotated[Snapshot[Patient], StaffOf(PATIENT, "patient_id")]


async def get_patient_label(running: Running, caller: Staff, patient_id: str) -> Response:
    """Initials and number, for the board. Staff only."""
    found = await queries.labels(running, [checked_id(patient_id)])
    if not found:
        raise not_found("patient")
    return reading(found[0])


async def list_patient_labels(
    running: Running,
    caller: Staff,
    patient_id: Annotated[list[Id], Query(min_length=1, max_length=500, description="Once for each")],
) -> Response:
    """Initials and numbers, for a board, in one request. Staff only."""
    return reading({"labels": await queries.labels(running, list(dict.fromkeys(patient_id)))})


async def get_patient_contact(
    running: Running, patient: Annotated[str, Themselves("patient_id")]
) -> Response:
    """Who somebody is and how they are reached. Patients see their own."""
    found = await queries.contact(running, patient)
    if found is None:
        raise not_found("patient")
    return reading(found)


async def get_patient_summary(running: Running, person: Person) -> Response:
    """Age band, whether they live, and red flags that are open. Patients see their own."""
    found = await queries.summary(running, person)
    if found is None:
        raise not_found("patient")
    return reading(found)


async def get_patient(caller: Staff, patient: PatientOf) -> Response:
    """Which records are this person's. Staff only."""
    return PATIENTS.seen(patient, caller)


async def list_other_records(
    running: Running,
    reads: Reads,
    patient: PatientOf,
    find: Annotated[str, Query(max_length=60, description="A label or its number, as `MK 4821`")] = "",
) -> Response:
    """Records that were merged into this one, and those that may be the same person's: with the number that is looked
    for, and who looks alike. Staff only."""
    found = await queries.others(running, patient, find.strip())
    if reads:
        reads.name(*(each["patient_id"] for each in (*found["merged"], *found["unmerged"])))
    return reading(found)


async def get_patient_actions(call: Calling, patient: PatientOf) -> Response:
    """What may be done with this record now, and by whom."""
    return PATIENTS.actions(call, patient)


async def merge_patients(call: Calling, patient: PatientOf, body: Merge) -> Response:
    """Another record is the same person's: this one goes on. A registrar."""
    return await give(call, patient, merge(patient, body.merged_id, call.expecting))


async def undo_merge_of_patients(call: Calling, patient: PatientOf, body: MergeUndoing) -> Response:
    """The merge was a mistake. A registrar."""
    return await give(call, patient, undo_merge(patient, body.restored_id, call.expecting))


async def record_death(call: Calling, patient: PatientOf, body: Death) -> Response:
    """The patient died: everything that is planned is cancelled, for good."""
    command = RecordDeath(source=body.source, died_on=body.died_on)
    return await PATIENTS.order(call, together(PATIENTS.send(call, patient, command), about=one(patient.id)))


async def settle_death(call: Calling, patient: PatientOf, body: DeathCheck) -> Response:
    """A registrar: whether a death holds that came with a merge, now that the merge is undone, or was written into the
    wrong record; or which of two days holds."""
    return await PATIENTS.give(call, patient, like(SettleDeath, body))


async def decide_erasure(call: Calling, running: Running, patient: PatientOf, body: Erasure) -> Response:
    """The privacy officer: whether the person is forgotten. It can't be undone."""
    if body.result == "refused":
        return await PATIENTS.give(call, patient, RefuseErasure(ground=body.ground))
    if not running.store.seals.can_forget:
        raise Problem(409, "no-keys", "Without keys of patients nobody can be forgotten (HUDDLE_KEYS_URL).")
    records = await running.records(patient.id)
    return await give(call, patient, erase(patient, records, body.ground, call.expecting))


async def give(call: Call, patient: Snapshot[Patient], order: Order) -> Response:
    """The record of the path as it is then; the order is about two."""

    def answer(outcome: Outcome) -> Answer:
        snapshot = outcome.snapshots[PATIENT.kind, patient.id]
        return answer_with(snapshot, PATIENTS.document(snapshot, call.caller), parked=outcome.parked)

    return await call.give(order, answer=answer)


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/label", get_patient_label, PatientLabel, reads="label"),
    get("/labels", list_patient_labels, PatientLabels, reads="label"),
    get("/patients/{patient_id}/contact", get_patient_contact, PatientContact, reads="contact"),
    get("/patients/{patient_id}/summary", get_patient_summary, PatientSummary, reads="referral"),
    get("/patients/{patient_id}", get_patient, PatientRecord, reads="label"),
    get("/patients/{patient_id}/others", list_other_records, OtherRecords, reads="label"),
    get("/patients/{patient_id}/actions", get_patient_actions, Actions, reads="label"),
    post("/patients/{patient_id}/merge", merge_patients, PatientRecord),
    post("/patients/{patient_id}/merge-undo", undo_merge_of_patients, PatientRecord),
    post("/patients/{patient_id}/death", record_death, PatientRecord),
    post("/patients/{patient_id}/erasure", decide_erasure, PatientRecord),
    post("/patients/{patient_id}/death-check", settle_death, PatientRecord),
)
