"""What the ledger says of warnings and of the dead, from facts that were planted."""

from datetime import timedelta

from simulator.hearing import Heard, after_death, heard
from simulator.told import Told

MINUTE = timedelta(minutes=1)
DEADLINE = {"subject_id": "flag", "severity": "emergency", "ack_due_at": "2027-01-05T02:15:00Z"}
LATER = {"subject_id": "flag", "ack_due_at": "2027-01-05T02:30:00Z"}


def fact(name: str, at: str, said: dict[str, str] | None = None, subject: str = "e") -> Told:
    return Told("", f"{name}.v1", subject, "", patient="p", at=f"2027-01-05T{at}:00Z", said=said or {})


RAISED = fact("notifications.escalation_raised", "02:00", DEADLINE)
TIMED_OUT = fact("notifications.escalation_timed_out", "02:15", LATER)
ANSWERED = fact("notifications.escalation_acknowledged", "02:22")
RESOLVED = fact("notifications.escalation_resolved", "02:40")
LONG_AFTER = fact("worklist.item_opened", "09:00", subject="i")


def test_a_warning_waits_from_its_first_page_to_a_named_person() -> None:
    found = heard([RAISED, TIMED_OUT, ANSWERED, RESOLVED, LONG_AFTER])
    assert found == Heard({"emergency": [22 * MINUTE]}, settled=0, climbed=1, waiting=0, unheard=0)


def test_who_answered_and_does_not_assess_is_followed_by_another_wait() -> None:
    again = TIMED_OUT._replace(at="2027-01-05T04:22:00Z")
    answered = ANSWERED._replace(at="2027-01-05T04:30:00Z")
    assert heard([RAISED, ANSWERED, again, answered]).waits == {"emergency": [8 * MINUTE, 22 * MINUTE]}


def test_a_deadline_that_passed_without_a_next_call_is_unheard() -> None:
    assert heard([RAISED, LONG_AFTER]).unheard == 1
    assert heard([RAISED, TIMED_OUT, LONG_AFTER]).unheard == 1


def test_a_warning_within_its_ladder_and_one_that_was_dealt_with_are_not_unheard() -> None:
    assert heard([RAISED]) == Heard(waiting=1)
    assert heard([RAISED, RESOLVED, LONG_AFTER]) == Heard(settled=1)


def test_what_a_patient_is_sent_after_the_death_is_counted() -> None:
    died = fact("referral.patient_deceased", "08:00")
    planned = fact("notifications.message_scheduled", "07:00", {"audience": "pt"}, subject="m")
    sent = fact("notifications.message_sent", "10:00", subject="m")
    assert after_death([died, planned, sent]) == after_death([planned, sent, died]) == 1
    assert after_death([died, planned, sent._replace(at="2027-01-05T07:30:00Z")]) == 0
    to_practice = planned._replace(said={"audience": "ref"})
    assert after_death([died, to_practice, sent]) == 0
