"""Ids are the same on every try, and partitions are those of every other Kafka client."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as some

from backbone import ids

CAUSE = "0b0e8c7e-5c0e-4f5b-8c2e-7a4f4d2f9a01"
SECRET = b"a secret of the tests"


@given(some.uuids(), some.text())
def test_a_derived_id_is_the_uuid5_of_the_standard(namespace, name):
    assert ids.derive(str(namespace), name) == str(uuid.uuid5(namespace, name))


@given(some.text(min_size=1), some.integers(1, 64))
def test_a_key_goes_where_the_default_partitioner_sends_it(key, partitions):
    everywhere = list(range(partitions))
    assert ids.partition_of(key, partitions) == DefaultPartitioner()(key.encode(), everywhere, everywhere)


def test_every_part_of_a_command_and_of_a_fact_is_part_of_its_id():
    commands = {
        ids.command_id(CAUSE, "accept", CAUSE),
        ids.command_id(CAUSE, "reject", CAUSE),
        ids.command_id(CAUSE, "accept", ids.ROOT),
        ids.command_id(ids.ROOT, "accept", CAUSE),
    }
    facts = {ids.fact_id(CAUSE, CAUSE, 1), ids.fact_id(CAUSE, CAUSE, 2), ids.fact_id(CAUSE, ids.ROOT, 1)}
    assert len(commands) == 4
    assert len(facts) == 3


def test_a_timer_has_the_same_cause_in_every_time_zone_and_another_for_another_due_time():
    due = datetime(2027, 1, 4, 14, tzinfo=UTC)
    elsewhere = due.astimezone(timezone(timedelta(hours=-5)))
    timer = ("agenda", CAUSE, "overdue")
    assert ids.timer_cause(timer, due) == ids.timer_cause(timer, elsewhere)
    assert ids.timer_cause(timer, due) != ids.timer_cause(timer, due + timedelta(seconds=1))
    assert ids.timer_cause(timer, due) != ids.timer_cause(("person", *timer[1:]), due)


def test_each_record_has_a_cause_of_its_own():
    places = [("a", 0, 11), ("a", 1, 1), ("a", 0, 1), ("b", 0, 11)]
    assert len({ids.record_cause(*place) for place in places}) == 4


def test_a_keyed_id_is_the_same_under_one_secret_and_unknown_under_another():
    known = ids.keyed_id(SECRET, "patient", "MRN-1")
    assert known == ids.keyed_id(SECRET, "patient", "MRN-1") == str(uuid.UUID(known))
    assert known != ids.keyed_id(b"another secret", "patient", "MRN-1")
    assert known != ids.keyed_id(SECRET, "referral", "MRN-1")


def test_what_is_stored_of_a_key_does_not_give_its_id_away():
    stored = ids.keyed_hash(SECRET, "patient", "MRN-1")
    assert uuid.UUID(bytes=stored[:16], version=5) != uuid.UUID(ids.keyed_id(SECRET, "patient", "MRN-1"))


def test_random_ids_differ():
    assert ids.random_id() != ids.random_id()
