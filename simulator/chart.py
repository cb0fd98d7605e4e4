"""What somebody who follows the topics knows of the clinic: dates, plans, work, open items. Nothing is decided."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

Json = dict[str, Any]
CLOSED = {
    "appointment_cancelled": "cancelled",
    "patient_attended": "attended",
    "patient_did_not_attend": "missed",
}


PAGE = "ESCALATION_PAGE"


class Told(NamedTuple):
    """A public fact as its topic has it. `name` is without service and version."""

    service: str
    name: str
    subject: str
    patient: str | None
    referral: str | None
    at: datetime
    fact: Json


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as it stands. `status`: booked, arrived, or how it ended."""

    id: str
    patient: str
    referral: str
    start: datetime
    end: datetime
    purpose: str
    discipline: str
    clinician: str
    remote: bool
    activity: str | None
    version: int
    procedure: str | None = None
    status: str = "booked"


@dataclass
class Chart:
    """`queues`: rows by queue and item. `asked`: booking requests, `orders`: activities, by id, as their facts say."""

    visits: dict[str, Visit] = field(default_factory=dict)
    asked: dict[str, Told] = field(default_factory=dict)
    orders: dict[str, Told] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    """For a procedure, by appointment."""
    sessions: Counter[str] = field(default_factory=Counter)
    consultations: dict[str, str] = field(default_factory=dict)
    """Of a referral."""
    outcomes: dict[str, str] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    """Of a referral."""
    goals: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    findings: defaultdict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """(submission, finding) of a measure request and of a submission."""
    questions: dict[str, Told] = field(default_factory=dict)
    """Measure requests."""
    answered: dict[str, datetime] = field(default_factory=dict)
    """When questions of a referral were answered last."""
    final: set[str] = field(default_factory=set)
    """Referrals with measures at a review or at the end: without them nobody is discharged."""
    listed: defaultdict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    """Cases of a meeting."""
    replies: dict[str, str] = field(default_factory=dict)
    """What was written back to a message."""
    subjects: dict[str, str] = field(default_factory=dict)
    """What a message that was answered is about."""
    queues: defaultdict[str, dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))
    counts: Counter[str] = field(default_factory=Counter)
    """Facts by `service.name`."""
    messages: Counter[str] = field(default_factory=Counter)
    """`sent TEMPLATE` and `suppressed reason`."""
    unanswered: dict[str, Told] = field(default_factory=dict)
    """Escalations, with what was said of their level last."""
    pages: dict[str, str] = field(default_factory=dict)
    """The escalation of a page, by message."""
    taken_up: dict[str, str] = field(default_factory=dict)
    """Who acknowledged a warning, by its subject."""
    opened: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    """Items by type."""
    opened_first: dict[str, datetime] = field(default_factory=dict)
    """When an item of the type was opened for the first time."""
    unowned: set[str] = field(default_factory=set)
    first_visits: dict[str, datetime] = field(default_factory=dict)
    received: dict[str, datetime] = field(default_factory=dict)

    def take(self, told: Told) -> None:
        """One fact more."""
        self.counts[f"{told.service}.{told.name}"] += 1
        if handler := getattr(self, f"_{told.name}", None):
            handler(told)
        elif told.name in CLOSED:
            self.held.pop(told.subject, None)
            if told.subject in self.visits:
                self._change(told.subject, status=CLOSED[told.name])

    def row(self, queue: str, key: str, value: Json | None) -> None:
        """A row of a queue's compacted topic."""
        if value is None:
            self.queues[queue].pop(key, None)
        else:
            self.queues[queue][key] = value

    def item(self, queue: str, item_type: str, subject: str) -> Json | None:
        """The open item about this."""
        rows = self.queues[queue].values()
        return next((r for r in rows if (r["item_type"], r["subject_id"]) == (item_type, subject)), None)

    def _change(self, visit_id: str, **changes: Any) -> None:
        self.visits[visit_id] = replace(self.visits[visit_id], **changes)

    def _received(self, told: Told) -> None:
        self.received[told.subject] = instant(told.fact["clock_start"])

    def _appointment_held(self, told: Told) -> None:
        if procedure := told.fact.get("procedure_id"):
            self.held[told.subject] = procedure

    def _appointment_booked(self, told: Told) -> None:
        fact = told.fact
        self.visits[told.subject] = Visit(
            id=told.subject,
            patient=told.patient or "",
            referral=told.referral or "",
            start=instant(fact["start"]),
            end=instant(fact["end"]),
            purpose=fact["purpose"],
            discipline=fact["discipline"],
            clinician=fact["clinician_id"],
            remote=fact["remote"],
            activity=fact.get("activity_id"),
            version=fact["version"],
            procedure=fact.get("procedure_id"),
        )

    def _appointment_moved(self, told: Told) -> None:
        fact = told.fact
        self._change(
            told.subject,
            start=instant(fact["start"]),
            end=instant(fact["end"]),
            clinician=fact["clinician_id"],
            version=fact["version"],
        )

    def _patient_arrived(self, told: Told) -> None:
        self._change(told.subject, status="arrived")

    def _patient_attended(self, told: Told) -> None:
        visit = self.visits[told.subject]
        self._change(told.subject, status="attended")
        if visit.purpose == "initial_consultation":
            self.first_visits.setdefault(visit.referral, visit.start)

    def _booking_requested(self, told: Told) -> None:
        self.asked[told.subject] = told

    def _activity_ordered(self, told: Told) -> None:
        self.orders[told.subject] = told

    def _session_completed(self, told: Told) -> None:
        self.sessions[told.subject] += 1

    def _consultation_started(self, told: Told) -> None:
        self.consultations[told.referral or ""] = told.subject

    def _consultation_completed(self, told: Told) -> None:
        self.outcomes[told.referral or ""] = told.fact["outcome"]

    def _plan_drafted(self, told: Told) -> None:
        self.plans[told.referral or ""] = told.subject

    def _goal_set(self, told: Told) -> None:
        self.goals[told.referral or ""].append(told.subject)

    def _measure_requested(self, told: Told) -> None:
        self.questions[told.subject] = told

    def _measure_scored(self, told: Told) -> None:
        fact = told.fact
        self.answered[told.referral or ""] = told.at
        if fact.get("occasion") in ("end", "review"):
            self.final.add(told.referral or "")
        for finding in fact["findings"]:
            pair = (fact["submission_id"], finding)
            self.findings[fact["request_id"]].append(pair)
            self.findings[fact["submission_id"]].append(pair)

    def _measure_entered_in_error(self, told: Told) -> None:
        self.findings[told.fact["submission_id"]].append((told.fact["submission_id"], "score_in_error"))

    def _mdt_case_listed(self, told: Told) -> None:
        self.listed[told.fact["meeting_id"]].append(told)

    def _mdt_case_withdrawn(self, told: Told) -> None:
        for cases in self.listed.values():
            cases[:] = [case for case in cases if case.subject != told.subject]

    def _escalation_raised(self, told: Told) -> None:
        self.unanswered[told.subject] = told
        self.taken_up.pop(told.fact["subject_id"], None)

    _escalation_timed_out = _escalation_raised

    def _escalation_acknowledged(self, told: Told) -> None:
        self.unanswered.pop(told.subject, None)
        self.taken_up[told.fact["subject_id"]] = told.fact["by_id"]

    def _escalation_resolved(self, told: Told) -> None:
        self.unanswered.pop(told.subject, None)

    def _item_opened(self, told: Told) -> None:
        self.opened[told.fact["item_type"]] += 1
        self.opened_first.setdefault(told.fact["item_type"], told.at)

    _item_reopened = _item_opened

    def _item_completed(self, told: Told) -> None:
        self.ended[told.fact["item_type"]] += 1

    _item_cancelled = _item_completed

    def _message_scheduled(self, told: Told) -> None:
        if told.fact["template"] == PAGE:
            self.pages[told.subject] = told.fact["subject_id"]

    def _message_sent(self, told: Told) -> None:
        self.messages[f"sent {told.fact['template']}"] += 1

    def _message_suppressed(self, told: Told) -> None:
        self.messages[f"suppressed {told.fact['reason']}"] += 1

    def _message_replied(self, told: Told) -> None:
        self.replies[told.subject] = told.fact["reply"]
        self.messages[f"replied {told.fact['reply']}"] += 1
        self.subjects[told.subject] = told.fact["subject_id"]

    def _episode_unowned(self, told: Told) -> None:
        self.unowned.add(told.subject)

    def _episode_owned(self, told: Told) -> None:
        self.unowned.discard(told.subject)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def told_by(headers: Mapping[str, str], body: Json) -> Told:
    """From a record's headers and value."""
    service, name, _ = headers["ce_type"].split(".")
    return Told(
        service,
        name,
        headers["ce_subject"],
        headers.get("ce_patientid"),
        headers.get("ce_referralid"),
        instant(headers["ce_recordedtime"]),
        body,
    )
