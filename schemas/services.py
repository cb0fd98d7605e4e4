"""The services of this version, once. Compose, ports, topics, databases, documents and tests follow from these rows.

A further service is a row here, its folder in `services`, its facts in `schemas/<name>/v1` and its container.
`tests/architecture/test_registry.py` names what was forgotten.
"""

from typing import NamedTuple

from schemas.topics import (
    QUEUES,
    REFERRAL_CONTACTS,
    REFERRAL_INTAKE,
    REFERRAL_INTAKE_RESULTS,
    Topic,
    dead_letters_of,
    events_of,
    queue_of,
)


class Service(NamedTuple):
    """`port`: where it answers on the machine of `huddle up`. `own`: its topics beside facts and dead letters."""

    name: str
    port: int
    does: str
    own: tuple[Topic, ...] = ()

    def topics(self, retention_days: int) -> tuple[Topic, ...]:
        return (*self.own, events_of(self.name, retention_days), dead_letters_of(self.name, retention_days))


SERVICES = (
    Service(
        "referral",
        8101,
        "intake, patient registry, red flags, completeness, information requests, triage, the clinic's decision",
        (REFERRAL_INTAKE, REFERRAL_INTAKE_RESULTS, REFERRAL_CONTACTS),
    ),
    Service(
        "scheduling",
        8103,
        "slots, booking requests, offers, bookings, moves, attendance, joint days, the waiting list",
    ),
    Service(
        "care_plan",
        8104,
        "consultation, plan, goals, activities, measures, safety alert, MDT, reviews, discharge",
    ),
    Service(
        "notifications",
        8105,
        "who is told what, when, on which channel: consent, reminders, caps, quiet hours, replies",
    ),
    Service(
        "worklist",
        8102,
        "one live queue per discipline: items, claims, transfers, undo, history, the watch over next steps, timelines",
        tuple(queue_of(queue) for queue in QUEUES),
    ),
)
NAMES = tuple(service.name for service in SERVICES)


def all_topics(retention_days: int = 30) -> tuple[Topic, ...]:
    """The topics of this version. `retention_days` is `kafka.retention_days` (PRV-29)."""
    return tuple(topic for service in SERVICES for topic in service.topics(retention_days))
