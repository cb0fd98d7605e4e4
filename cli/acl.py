"""Who may do what in Kafka, as its access lists have it: computed from the registry and from what each service reads.

A service writes the topics that it owns, reads those that it consumes, and leads its group and its relay. Others are
roles: who makes topics, who sends referrals, who subscribes to facts, and the system of one discipline. Nobody else has
any right, and no service has one that it does not use.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from backbone.log.relay import relay_name
from backbone.model import Service
from cli.composition import service_of
from schemas.services import NAMES, SERVICES, all_topics
from schemas.topics import QUEUES, REFERRAL_INTAKE, REFERRAL_INTAKE_RESULTS, events_topic, queue_topic

Kind = Literal["topic", "group", "transactional_id", "cluster"]
Operation = Literal["read", "write", "create", "describe", "describe_configs"]
"""`read` and `write` include `describe`."""
CLUSTER = "kafka-cluster"
KNOWN_AS = "User:{name}"


class Right(NamedTuple):
    """What is not among the rights is refused."""

    principal: str
    operation: Operation
    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.principal:<24} {self.operation:<17} {self.kind:<17} {self.name}"


def rights_of_service(service: Service, owned: Iterable[str], principal: str) -> Iterator[Right]:
    """Its own facts are read by every service: its relay commits how far it is as an offset of their topic."""
    relay = relay_name(service.name)
    for topic in sorted({*service.topics, service.events_topic}):
        yield Right(principal, "read", "topic", topic)
    for topic in sorted(set(owned) - set(service.intake_by_topic)):
        yield Right(principal, "write", "topic", topic)
    for group in (service.name, relay):
        yield Right(principal, "read", "group", group)
    yield Right(principal, "write", "transactional_id", relay)


def rights_of_operator(principal: str) -> Iterator[Right]:
    """Makes topics and looks at settings and groups. Reads no record."""
    for topic in sorted(topic.name for topic in all_topics()):
        for operation in OF_TOPICS:
            yield Right(principal, operation, "topic", topic)
    for name in NAMES:
        for group in (name, relay_name(name)):
            yield Right(principal, "describe", "group", group)
    yield Right(principal, "describe", "cluster", CLUSTER)
    yield Right(principal, "describe_configs", "cluster", CLUSTER)


OF_TOPICS: tuple[Operation, ...] = ("create", "describe", "describe_configs")
SENDER, SUBSCRIBER, OPERATOR = "sender", "subscriber", "operator"
OUTSIDE: Mapping[str, Mapping[str, Operation]] = {
    SENDER: {REFERRAL_INTAKE.name: "write", REFERRAL_INTAKE_RESULTS.name: "read"},
    SUBSCRIBER: {events_topic(name): "read" for name in NAMES},
    **{queue_topic(queue): {queue_topic(queue): "read"} for queue in QUEUES},
}
"""What systems outside of ours may do, by role. Each may have one group, named as itself."""
ROLES = (OPERATOR, *OUTSIDE)


def rights_of(role: str, principal: str) -> Iterator[Right]:
    if role == OPERATOR:
        yield from rights_of_operator(principal)
        return
    for topic, operation in OUTSIDE[role].items():
        yield Right(principal, operation, "topic", topic)
    yield Right(principal, "read", "group", principal.removeprefix("User:"))


def rights(known_as: str = KNOWN_AS, given: Iterable[tuple[str, str]] = ()) -> list[Right]:
    """Of every service, known as the pattern says, and of those who are `given` a role: (role, principal)."""
    services = [
        right
        for row in SERVICES
        for right in rights_of_service(
            service_of(row.name),
            (topic.name for topic in row.topics(retention_days=1)),
            known_as.format(name=row.name),
        )
    ]
    return [*services, *(right for role, principal in given for right in rights_of(role, principal))]


def given(said: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(role, principal) of each ROLE=PRINCIPAL. Raises ValueError with a sentence."""
    for each in said:
        role, _, principal = each.partition("=")
        if role not in ROLES:
            raise ValueError(f"There is no role {role!r}. There are: {', '.join(ROLES)}.")
        if not principal.startswith("User:"):
            raise ValueError(f"Say who is {role}: {role}=User:NAME.")
        yield role, principal
