"""Whether every warning was heard, and how soon; whether the dead are left alone. From facts alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from simulator.told import Told

WARNING = "notifications.escalation_"


class Heard(NamedTuple):
    """`waits`: how long each warning waited for a named person, by severity, shortest first. `settled`: dealt with
    before anybody said so. `climbed`: how often a ladder went on; `waiting`: still within their ladder; `unheard`: the
    deadline passed and nobody was called."""

    waits: Mapping[str, Sequence[timedelta]] = {}
    settled: int = 0
    climbed: int = 0
    waiting: int = 0
    unheard: int = 0


class Waiting(NamedTuple):
    since: datetime
    severity: str
    due: datetime


def heard(told: Sequence[Told]) -> Heard:
    """In the order of the topic. A ladder that goes on because nobody assessed is a wait of its own."""
    waits: defaultdict[str, list[timedelta]] = defaultdict(list)
    open_now: dict[str, Waiting] = {}
    severities: dict[str, str] = {}
    climbed = settled = 0
    for fact in told:
        match fact.type.removeprefix(WARNING).removesuffix(".v1"):
            case "raised" | "timed_out" as step:
                severities[fact.subject] = fact.said.get("severity") or severities[fact.subject]
                since = open_now[fact.subject].since if fact.subject in open_now else instant(fact.at)
                due = instant(fact.said["ack_due_at"])
                open_now[fact.subject] = Waiting(since, severities[fact.subject], due)
                climbed += step == "timed_out"
            case "acknowledged" if waiting := open_now.pop(fact.subject, None):
                waits[waiting.severity].append(instant(fact.at) - waiting.since)
            case "resolved":
                settled += open_now.pop(fact.subject, None) is not None
            case _:
                continue
    end = max((instant(fact.at) for fact in told if fact.at), default=None)
    late = [each for each in open_now.values() if end is not None and each.due < end]
    shown = {severity: sorted(each) for severity, each in waits.items()}
    return Heard(shown, settled, climbed, len(open_now) - len(late), len(late))


def after_death(told: Iterable[Told]) -> int:
    """Messages to a patient, in whatever order the topics are read."""
    facts = list(told)
    died = {fact.patient: instant(fact.at) for fact in facts if fact.type == "referral.patient_deceased.v1"}
    audience = {
        fact.subject: fact.said["audience"]
        for fact in facts
        if fact.type == "notifications.message_scheduled.v1"
    }
    return sum(
        fact.type == "notifications.message_sent.v1"
        and audience.get(fact.subject) == "pt"
        and fact.patient in died
        and instant(fact.at) > died[fact.patient]
        for fact in facts
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
