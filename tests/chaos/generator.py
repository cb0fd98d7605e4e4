"""What is thrown at the system: facts of many patients, some twice, some poisoned, all written to a log."""

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.ledger import Input

POISONS = ("unparsable", "unknown_code", "raises")
NAMESPACE = uuid.UUID("0c1f1f54-7c0f-4f0a-9f43-8f8a3f1f5a11")


@dataclass(frozen=True)
class Scale:
    """How much: facts over patients, with these shares of duplicates and poison."""

    facts: int
    patients: int
    duplicates: float = 0.05
    poison: float = 0.01


@dataclass(frozen=True)
class Record:
    """One record for `referral.events`."""

    entry: Input
    value: bytes
    headers: list[tuple[str, bytes]]


def identity(name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, name))


def records(scale: Scale, seed: int) -> Iterator[Record]:
    """Per patient: the referral is found incomplete, complete, incomplete … Each fact moves its item once."""
    dice = random.Random(seed)
    counts = dict.fromkeys(range(scale.patients), 0)
    sent: dict[int, Record] = {}
    for number in range(scale.facts):
        patient = dice.randrange(scale.patients)
        kind = dice.choice(POISONS) if dice.random() < scale.poison else None
        record = poisoned(patient, number, kind) if kind else plain(patient, number, counts)
        yield record
        if dice.random() < scale.duplicates:
            yield sent.get(dice.randrange(scale.patients), record)
        sent[patient] = record


def plain(patient: int, number: int, counts: dict[int, int]) -> Record:
    body: dict[str, object]
    counts[patient] += 1
    turn = counts[patient]
    if turn % 2:
        fact, body = "found_incomplete", {"missing": ["function"]}
    else:
        fact, body = "found_complete", {"version": turn}
    return record(patient, number, fact, "referral", identity(f"referral {patient}"), body, None, turn)


def poisoned(patient: int, number: int, kind: str) -> Record:
    body: dict[str, object] = {"changed": ["teleport" if kind == "unknown_code" else "contact"]}
    made = record(
        patient, number, "patient_updated", "patient", identity(f"patient {patient}"), body, kind, None
    )
    if kind == "unparsable":
        return Record(made.entry, b'{"changed": [', made.headers)
    return made


def record(
    patient: int,
    number: int,
    fact: str,
    aggregate: str,
    subject: str,
    body: dict[str, object],
    poison: str | None,
    turn: int | None,
) -> Record:
    wire_type, own = f"referral.{fact}.v1", identity(f"fact {number}")
    at = f"2027-01-04T{14 + number // 3600 % 8:02}:{number // 60 % 60:02}:{number % 60:02}Z"
    headers = {
        "ce_specversion": "1.0",
        "ce_id": own,
        "ce_type": wire_type,
        "ce_source": "referral",
        "ce_time": at,
        "ce_recordedtime": at,
        "ce_subject": subject,
        "ce_aggregatetype": aggregate,
        "ce_patientid": identity(f"patient {patient}"),
        "ce_referralid": identity(f"referral {patient}"),
        "ce_correlationid": own,
        "ce_causationid": own,
        "ce_actorkind": "system",
        "content-type": "application/json",
    }
    if turn is not None:
        headers["ce_sequence"] = str(turn)
    entry = Input(own, identity(f"patient {patient}"), poison)
    value = json.dumps({"type": wire_type, **body}).encode()
    return Record(entry, value, [(name, text.encode()) for name, text in headers.items()])
