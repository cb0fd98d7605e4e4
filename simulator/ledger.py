"""Counts what happened from topics and tables alone. It shares no code with the runtime and trusts no counter of it."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer

from simulator.hearing import Heard, after_death, heard
from simulator.told import Told

STATUS_AFTER: Mapping[str, str] = {
    "received": "in triage",
    "information_requested": "waiting for information",
    "information_supplied": "in triage",
    "accepted": "accepted",
    "rejected": "rejected",
    "redirected": "redirected",
    "cancellation_requested": "being taken back",
    "withdrawn": "taken back",
    "marked_in_error": "in error",
    "waitlisted": "waiting for a date",
    "completed": "completed",
}
"""What a referral is after its latest fact of these; `progressed` says it itself. The fact that links a duplicate is
told of the one that is kept, and names the other."""


SAYS = frozenset(
    f"{name}.v1"
    for name in (
        *("referral.progressed", "referral.duplicate_linked"),
        *("notifications.message_scheduled", "notifications.escalation_raised"),
        *("notifications.escalation_timed_out", "notifications.escalation_acknowledged"),
    )
)
PATIENT, BOTH = ("patient",), ("patient", "referral")
OWNERS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("patient", "consent", "contact", "safety_alert", "break_glass", "escalation"), PATIENT),
    **dict.fromkeys(("referral", "booking_request", "waitlist_entry", "appointment", "joint_day"), BOTH),
    **dict.fromkeys(("gate", "authorisation", "antithrombotic_plan", "procedure", "override"), BOTH),
    **dict.fromkeys(
        ("attendance_case", "unavailability", "consultation", "care_plan", "goal", "letter", "conflict"), BOTH
    ),
    **dict.fromkeys(
        ("activity", "measure_request", "opioid_profile", "opioid_checks", "taper", "mdt_case", "mdt_action"),
        BOTH,
    ),
    **dict.fromkeys(("episode", "investigation"), BOTH),
}
"""Whose every fact of such a thing says it is. What is not here may be nobody's: a meeting, a parked key, an item."""


class Balance(NamedTuple):
    """What the ledger found. `unowned`: facts about a patient that do not say about whom."""

    states: Mapping[str, int]
    lost: int
    doubled: int
    unowned: int = 0
    heard: Heard = Heard()
    after_death: int = 0
    """Messages to patients that left when their death was known."""


class Reader(NamedTuple):
    """A service that reads: the types that it reads, the ids of facts that it handled."""

    consumed: Iterable[str]
    inbox: Iterable[str]


def balance(told: Sequence[Told], journals: Iterable[str], readers: Iterable[Reader]) -> Balance:
    """`journals`: ids of public facts."""
    on_topics = Counter(fact.id for fact in told)
    lost = len(set(journals) - set(on_topics))
    for consumed, inbox in readers:
        wanted = set(consumed)
        lost += len({fact.id for fact in told if fact.type in wanted} - set(inbox))
    doubled = sum(times - 1 for times in on_topics.values())
    doubled += repeated_effects(told)
    return Balance(states(told), lost, doubled, unowned(told), heard(told), after_death(told))


def unowned(told: Iterable[Told]) -> int:
    """Facts that leave out their patient or referral, where things of their kind have one."""
    return sum(any(getattr(fact, name) is None for name in OWNERS.get(fact.kind, ())) for fact in told)


def repeated_effects(told: Sequence[Told]) -> int:
    """Effects that a cause had more than once: a referral received twice, an item opened twice by one fact."""
    unique = {fact.id: fact for fact in told}.values()
    once = Counter(
        (fact.type, fact.subject)
        for fact in unique
        if fact.type in ("referral.received.v1", "worklist.item_opened.v1")
    )
    caused = Counter(
        (fact.type, fact.subject, fact.cause) for fact in unique if fact.type.startswith("worklist.item_")
    )
    return sum(times - 1 for times in (*once.values(), *caused.values()))


def states(told: Iterable[Told]) -> Mapping[str, int]:
    """Referrals by where they are, in the order of the topic."""
    latest: dict[str, str] = {}
    for fact in told:
        service, name, _ = fact.type.split(".")
        if name == "duplicate_linked":
            latest[fact.said["duplicate_id"]] = "duplicate of another"
        elif service == "referral" and (status := fact.said.get("to") or STATUS_AFTER.get(name)):
            latest[fact.subject] = status.replace("_", " ")
    return Counter(latest.values())


async def read_topics(bootstrap: str, topics: Sequence[str]) -> list[Told]:
    """Every committed fact, partition by partition."""
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        ends = await consumer.end_offsets(list(consumer.assignment()))
        told: list[Told] = []
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                told += [told_by(texts(record.headers), record.value) for record in records]
        return told
    finally:
        await consumer.stop()


def told_by(headers: Mapping[str, str], value: bytes) -> Told:
    said = json.loads(value) if headers["ce_type"] in SAYS else {}
    whose = headers.get("ce_patientid"), headers.get("ce_referralid")
    about = headers["ce_type"], headers["ce_subject"], headers["ce_causationid"]
    return Told(headers["ce_id"], *about, headers["ce_aggregatetype"], *whose, headers["ce_time"], said)


def texts(headers: Iterable[tuple[str, bytes]]) -> Mapping[str, str]:
    return {name: value.decode() for name, value in headers}


async def read_ids(database_url: str, statement: str) -> list[str]:
    connection: Any = await asyncpg.connect(database_url)
    try:
        return [row[0] for row in await connection.fetch(statement)]
    finally:
        await connection.close()


LOOKS = 5
PAUSE_SECONDS = 0.5
PUBLIC_FACTS = "SELECT fact_id::text FROM journal WHERE sequence IS NOT NULL"
HANDLED = "SELECT fact_id::text FROM inbox"
CONSUMED = frozenset(
    f"{service}.{name}.v1"
    for service, names in {
        "referral": (
            "amended amendment_reviewed cancellation_requested completed duplicate_dismissed "
            "death_doubted death_settled duplicate_linked duplicate_suspected found_complete found_incomplete "
            "information_not_received information_requested information_supplied marked_in_error "
            "merge_undone patient_deceased patients_merged progressed received red_flag_raised "
            "red_flag_resolved red_flag_unclear redirected rejected target_changed triage_suggested "
            "triaged wait_breach_forecast wait_breached wait_review_fell_due wait_reviewed withdrawn"
        ),
        "scheduling": (
            "appointment_booked appointment_cancelled appointment_moved attendance_corrected "
            "attendance_review_requested attendance_reviewed booking_fulfilled booking_requested "
            "booking_suspended booking_taken_up "
            "freed_slot_closed freed_slot_left gate_check_failed gate_closed gate_failed gate_opened "
            "group_settled group_short "
            "gate_satisfied gate_waived gates_cleared joint_day_booked joint_day_broken patient_arrived "
            "patient_attended patient_did_not_attend session_in_order "
            "session_out_of_order slot_freed unavailability_ended unavailability_recorded "
            "unavailability_refused unavailability_requested visits_apart visits_overlap waitlist_joined waitlist_left"
        ),
        "care_plan": (
            "activity_accepted activity_cancelled activity_completed activity_declined "
            "activity_information_asked activity_information_ended activity_ordered "
            "activity_review_fell_due activity_reviewed activity_stopped conflict_detected conflict_resolved "
            "consultation_completed "
            "consultation_started contact_fell_due contact_recorded discharge_declined discharge_proposed "
            "antithrombotic_plan_invalidated antithrombotic_plan_requested antithrombotic_plan_signed "
            "finding_reviewed investigation_fell_due investigation_ordered investigation_reported "
            "investigation_result_recorded investigation_settled letter_recall_reviewed "
            "plan_handover_ended plan_handover_offered "
            "letter_recalled letter_signed mdt_action_completed "
            "mdt_case_deferred mdt_case_listed mdt_case_requested mdt_case_withdrawn "
            "mdt_decision_recorded measure_entered_in_error measure_not_received measure_not_scored measure_scored "
            "opioid_check_fell_due opioid_check_recorded override_lapsed override_recorded override_requested "
            "procedure_cancelled procedure_ordered procedure_outcome_needed "
            "procedure_outcome_recorded procedure_performed "
            "patient_discharged pifu_expired pifu_opened pifu_used plan_activated plan_closed "
            "plan_drafted plan_held plan_not_drafted plan_resumed plan_review_fell_due plan_reviewed "
            "plan_revoked plan_updated safety_alert_closed safety_alert_raised"
        ),
        "notifications": (
            "contact_recorded escalation_acknowledged escalation_raised escalation_resolved "
            "escalation_timed_out message_cancelled message_delivered "
            "message_failed message_replied message_suppressed "
            "roster_found_complete roster_found_incomplete"
        ),
    }.items()
    for name in names.split()
)
"""What the worklist must have handled: written here, so that a type that never reached it is missed."""


SOLD_TWICE = """
-- Times of a clinician that two appointments have.
SELECT body->'date'->>'start' FROM appointment WHERE status IN ('booked', 'arrived', 'checked-in', 'fulfilled')
 GROUP BY body->'date'->>'clinician_id', body->'date'->>'start' HAVING count(*) > 1
"""


async def audit(
    bootstrap: str, databases: Mapping[str, str], consumed: Mapping[str, Iterable[str]]
) -> Balance:
    """`databases`: URLs by service, `consumed`: types by service. Looks again where something seems lost: a commit is
    seen a moment later."""
    for _ in range(LOOKS):
        found = await count_all(bootstrap, databases, consumed)
        if not found.lost:
            break
        await asyncio.sleep(PAUSE_SECONDS)
    return found


async def count_all(
    bootstrap: str, databases: Mapping[str, str], consumed: Mapping[str, Iterable[str]]
) -> Balance:
    """One look at all topics and tables. A time sold twice counts as doubled."""
    told = await read_topics(bootstrap, [f"{service}.events" for service in databases])
    journals = [fact for url in databases.values() for fact in await read_ids(url, PUBLIC_FACTS)]
    readers = [
        Reader(types, await read_ids(databases[service], HANDLED)) for service, types in consumed.items()
    ]
    found = balance(told, journals, readers)
    sold_twice = await read_ids(databases["scheduling"], SOLD_TWICE)
    return found._replace(doubled=found.doubled + len(sold_twice))
