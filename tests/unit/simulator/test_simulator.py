"""The simulator's stories are valid and always the same, and its ledger sees what was planted."""

from typing import Any

from backbone.engine.generic import kinds_of
from schemas.referral.v1.intake import ReferralSubmission
from services.worklist.service import SERVICE
from simulator.behaviour import SELDOM, plans, seen_twice
from simulator.ledger import CONSUMED, OWNERS, Reader, balance, unowned
from simulator.told import Told
from tests.support.services import ALL

TOLD = [
    Told("1", "referral.received.v1", "r", "c1"),
    Told("2", "referral.rejected.v1", "r", "c2"),
    Told("3", "worklist.item_opened.v1", "i", "2"),
]


def test_every_bundle_gives_a_valid_submission_when_made_complete() -> None:
    for plan in plans(120):
        ReferralSubmission.model_validate(plan.submission)
        answers = {**plan.submission["answers"], **plan.withheld}
        ReferralSubmission.model_validate({**plan.submission, "answers": answers})


def test_the_same_seed_tells_the_same_stories() -> None:
    assert plans(60) == plans(60)
    assert plans(60) != plans(60, seed=1)


def test_two_patients_are_sent_by_another_practice_as_well() -> None:
    stories = {each.source_id: each for each in plans(110)}
    same, other = seen_twice(list(stories.values()))
    first = [stories[each.source_id.removesuffix("-B")] for each in (same, other)]
    practices = [each.submission["referrer"]["organisation_id"] for each in (*first, same, other)]
    assert practices[0] != practices[2] and practices[1] != practices[3]
    mine, theirs = first[0].submission["patient"], same.submission["patient"]
    assert theirs["identifier"] != mine["identifier"] and theirs["contact"] == mine["contact"]
    mine, theirs = first[1].submission["patient"], other.submission["patient"]
    assert theirs["identifier"] == mine["identifier"] and theirs["contact"] != mine["contact"]
    for each in (same, other):
        ReferralSubmission.model_validate(each.submission)


def test_whatever_is_seldom_happens_in_a_whole_clinic_and_one_patient_dies() -> None:
    shown = [name for story in plans(110) for name in story.habits if name in SELDOM]
    assert set(shown) == set(SELDOM) and shown.count("dies") == 1


def test_a_balance_in_order_has_no_loss_and_no_double() -> None:
    found = balance(TOLD, ["1", "2", "3"], [Reader(CONSUMED, ["1", "2"])])
    assert (found.lost, found.doubled, dict(found.states)) == (0, 0, {"rejected": 1})


def test_a_duplicate_is_counted_where_the_other_referral_says_so() -> None:
    linked = Told("4", "referral.duplicate_linked.v1", "kept", "c", said={"duplicate_id": "r"})
    assert dict(balance([TOLD[0], linked], ["1", "4"], []).states) == {"duplicate of another": 1}


def test_a_fact_that_never_left_the_journal_is_lost() -> None:
    assert balance(TOLD, ["1", "2", "3", "4"], [Reader(CONSUMED, ["1", "2"])]).lost == 1


def test_a_fact_that_the_worklist_never_handled_is_lost() -> None:
    assert balance(TOLD, ["1", "2", "3"], [Reader(CONSUMED, ["1"])]).lost == 1


def test_a_fact_that_stands_twice_on_the_topic_is_doubled() -> None:
    assert balance([*TOLD, TOLD[2]], ["1", "2", "3"], [Reader(CONSUMED, ["1", "2"])]).doubled == 1


def test_an_item_that_was_opened_twice_is_doubled() -> None:
    again = Told("4", "worklist.item_opened.v1", "i", "9")
    assert balance([*TOLD, again], ["1", "2", "3", "4"], [Reader(CONSUMED, ["1", "2"])]).doubled == 1


def test_the_ledger_expects_every_fact_that_the_worklist_reads() -> None:
    generic = ("stuck", "parked", "glass_")
    read = {
        name
        for name in SERVICE.consumed
        if not any(word in name for word in ("unstuck", "unparked", *generic))
    }
    assert read == CONSUMED


def test_a_fact_that_does_not_say_whose_it_is_is_counted() -> None:
    whose: dict[str, Any] = {"kind": "mdt_action", "patient": "p", "referral": "r"}
    action = Told("1", "care_plan.mdt_action_completed.v1", "a", "c", **whose)
    meeting = Told("2", "care_plan.mdt_meeting_closed.v1", "m", "c", kind="mdt_meeting")
    assert unowned([action, meeting]) == 0
    assert unowned([action._replace(referral=None), action._replace(patient=None), meeting]) == 2


def test_the_ledger_knows_whose_the_facts_of_every_kind_are() -> None:
    """Written there a second time; here both are compared."""
    for kind in (kind for service in ALL for kind in kinds_of(service).values()):
        declared = [
            name for name, has in (("patient", kind.has_lane), ("referral", kind.has_pathway)) if has is True
        ]
        if any(fact.public for fact in kind.facts.values()):
            assert list(OWNERS.get(kind.kind, ())) == declared, kind.kind
