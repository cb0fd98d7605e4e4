"""Who may do what in Kafka, held against a list written by hand: a right more or less is somebody's decision."""

import pytest
from typer.testing import CliRunner

from backbone.log.relay import relay_name
from cli.__main__ import app
from cli.acl import OPERATOR, ROLES, SENDER, SUBSCRIBER, rights, rights_of
from schemas.services import NAMES, all_topics
from schemas.topics import QUEUES, dead_letters_of, events_topic, queue_topic

CLINICAL = {*map(events_topic, ("referral", "scheduling", "care_plan", "notifications"))}
READS = {
    "referral": {*CLINICAL, "referral.intake"},
    "scheduling": CLINICAL,
    "care_plan": CLINICAL,
    "notifications": {*CLINICAL, "worklist.events", "referral.contacts"},
    "worklist": {*map(events_topic, NAMES)},
}
WRITES = {
    "referral": {"referral.contacts", "referral.intake.results"},
    "worklist": {*map(queue_topic, QUEUES)},
}
"""Beside its own facts, which each reads too (its relay says there how far it is), and its dead letters."""


def of(principal: str) -> set[tuple[str, str, str]]:
    return {(right.operation, right.kind, right.name) for right in rights() if right.principal == principal}


@pytest.mark.parametrize("name", NAMES)
def test_a_service_may_do_what_it_does_and_nothing_else(name: str) -> None:
    assert name in READS, "say in READS whose facts it reads"
    written = {events_topic(name), dead_letters_of(name, 1).name, *WRITES.get(name, ())}
    assert of(f"User:{name}") == {
        *(("read", "topic", topic) for topic in {events_topic(name), *READS[name]}),
        *(("write", "topic", topic) for topic in written),
        ("read", "group", name),
        ("read", "group", relay_name(name)),
        ("write", "transactional_id", relay_name(name)),
    }


def test_only_services_have_rights_until_somebody_is_given_a_role() -> None:
    assert {right.principal for right in rights()} == {f"User:{name}" for name in NAMES}
    assert {right.principal for right in rights(known_as="User:clinic-{name}")} == {
        f"User:clinic-{name}" for name in NAMES
    }


def test_contacts_are_read_by_one_service_and_referrals_over_kafka_by_one() -> None:
    everybody = rights(given=[(role, f"User:{role}") for role in ROLES])
    for topic, reader in (("referral.contacts", "notifications"), ("referral.intake", "referral")):
        readers = {right.principal for right in everybody if right[1:] == ("read", "topic", topic)}
        assert readers == {f"User:{reader}"}


def test_a_system_outside_reads_and_writes_what_its_role_is_for() -> None:
    topics = {
        role: {(right.operation, right.name) for right in rights_of(role, "User:x") if right.kind == "topic"}
        for role in ROLES
    }
    assert topics[SENDER] == {("write", "referral.intake"), ("read", "referral.intake.results")}
    assert topics[SUBSCRIBER] == {("read", events_topic(name)) for name in NAMES}
    for queue in map(queue_topic, QUEUES):
        assert topics[queue] == {("read", queue)}
    assert {operation for operation, _ in topics[OPERATOR]} == {"create", "describe", "describe_configs"}
    assert {name for _, name in topics[OPERATOR]} == {topic.name for topic in all_topics()}


def test_the_rights_are_shown_a_line_each() -> None:
    shown = CliRunner().invoke(app, ["acl", "--give", "sender=User:general-hospital"])
    assert shown.exit_code == 0
    assert [line.split() for line in shown.stdout.splitlines()][-3:] == [
        ["User:general-hospital", "write", "topic", "referral.intake"],
        ["User:general-hospital", "read", "topic", "referral.intake.results"],
        ["User:general-hospital", "read", "group", "general-hospital"],
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--give", "boss=User:x"], "There is no role 'boss'. There are: operator, sender, subscriber"),
        (["--give", "sender=x"], "Say who is sender: sender=User:NAME."),
        (["--known-as", "User:huddle"], "must name the service"),
    ],
)
def test_what_can_not_be_meant_is_said(options: list[str], sentence: str) -> None:
    ended = CliRunner().invoke(app, ["acl", *options])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert sentence in ended.stderr
