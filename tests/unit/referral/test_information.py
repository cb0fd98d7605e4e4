"""Information requested, reminded, supplied, waited for in vain (REF-01, REF-08; X01 to X04)."""

from datetime import date

import pytest

from backbone.model import SYSTEM, Actor
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    InformationNotReceived,
    InformationRequested,
    InformationSupplied,
    RedFlagRaised,
    ReferralProgressed,
    ReferralRejected,
    TriageSuggested,
)
from services.referral.referral.commands import (
    AskForDecision,
    GoOnWithout,
    RemindOfInformation,
    RequestInformation,
    SupplyInformation,
)
from services.referral.referral.states import Accepted, AwaitingInformation, Received, Rejected
from tests.support.deciding import LANE, like, nothing, refused, ruled
from tests.support.submissions import OXYCODONE, flags
from tests.unit.referral.situations import (
    ACCEPT,
    ASK,
    CLERK,
    COORDINATOR,
    GO_ON,
    MANAGER,
    NURSE,
    PSYCHOLOGIST,
    REFERRER,
    STRANGER,
    at,
    given,
    receive,
    reject,
    supply,
    triage,
)

INCOMPLETE = receive(without=("function", "psychological"))
ASKED = (INCOMPLETE, COORDINATOR, at("2027-01-04T14:40Z"), ASK)
REMIND = RemindOfInformation(due_on=date(2027, 1, 18))
DECIDE = AskForDecision(due_on=date(2027, 1, 25))
BOTH = {"function": "can't stand long", "psychological": "low mood"}


def test_everything_missing_is_asked_for_at_once_with_both_days() -> None:
    given(INCOMPLETE).when(COORDINATOR, ASK).then(
        ruled(
            like(
                InformationRequested,
                missing=("function", "psychological"),
                reminder_on=date(2027, 1, 18),
                decide_on=date(2027, 1, 25),
                clock="continue",
            ),
            "REF-01",
            "REF-08",
        )
    ).then_state(AwaitingInformation)


def test_the_timers_run_at_8_at_the_clinic() -> None:
    timers = given(INCOMPLETE).when(COORDINATOR, ASK).timers
    assert {name: timer.due for name, timer in timers.items() if name != "wait_review"} == {
        "reminder": at("2027-01-18T08:00-05:00"),
        "decision": at("2027-01-25T08:00-05:00"),
    }


def test_the_timers_keep_clinic_time_over_the_clock_change() -> None:
    late = receive(without=("function",))
    timers = given(at("2027-03-02T15:00Z"), late).when(COORDINATOR, ASK).timers
    assert timers["reminder"].due == at("2027-03-16T12:00Z")


def test_a_complete_referral_is_asked_only_for_named_fields() -> None:
    given(receive()).when(COORDINATOR, ASK).then(refused("nothing is missing"))
    given(receive()).when(NURSE, RequestInformation(fields=("reports",))).then(
        like(InformationRequested, missing=("reports",))
    )
    given(receive()).when(NURSE, RequestInformation(fields=("shoe_size",))).then(refused("shoe_size"))


def test_one_request_at_a_time() -> None:
    given(*ASKED).when(COORDINATOR, ASK).then(refused("2027-01-25", instead="GoOnWithout"))


def test_what_is_supplied_completes_the_referral() -> None:
    given(*ASKED).when(REFERRER, supply(**BOTH)).then(
        like(InformationSupplied, supplied=("function", "psychological"), still_missing=()),
        FoundComplete,
        like(TriageSuggested, category="cat_2"),
    ).then_state(Received)


def test_what_is_still_missing_is_somebody_s_work_again() -> None:
    given(*ASKED).when(REFERRER, supply(function="can't stand long")).then(
        like(InformationSupplied, supplied=("function",), still_missing=("psychological",)),
        like(FoundIncomplete, missing=("psychological",)),
    )
    given(*ASKED).when(REFERRER, supply(mechanism="a fall")).then(
        like(InformationSupplied, supplied=("mechanism",), still_missing=("function", "psychological")),
        like(FoundIncomplete, missing=("function", "psychological")),
    )


def test_a_red_flag_in_what_is_supplied_comes_first() -> None:
    screen = flags(infection="yes")
    given(*ASKED).when(REFERRER, supply(red_flag_screen=screen, **BOTH)).then(
        like(RedFlagRaised, flag="infection", source="amendment"),
        InformationSupplied,
        FoundComplete,
        TriageSuggested,
    )


def test_a_supplied_list_of_drugs_is_published() -> None:
    given(receive(without=("medications",)), COORDINATOR, ASK).when(
        REFERRER, supply(medications=[{**OXYCODONE}])
    ).then(InformationSupplied, like(MedicationsListed, complete=True), FoundComplete, TriageSuggested)


def test_supplying_what_is_known_changes_nothing() -> None:
    given(*ASKED).when(REFERRER, supply(mechanism="no injury, slowly worse")).then(nothing())


def test_only_the_referrer_the_patient_and_staff_for_them_supply() -> None:
    given(*ASKED).when(STRANGER, supply(**BOTH)).then(refused(code="not-permitted"))
    given(*ASKED).when(Actor("patient", "not-this-one"), supply(**BOTH)).then(refused(code="not-permitted"))
    given(*ASKED).when(MANAGER, supply(**BOTH)).then(refused(code="not-permitted"))
    for permitted in (Actor("patient", LANE), CLERK, COORDINATOR):
        given(*ASKED).when(permitted, supply(**BOTH)).then(
            InformationSupplied, FoundComplete, TriageSuggested
        )


def test_day_14_reminds_and_day_21_asks_for_a_decision() -> None:
    reminded = given(*ASKED).when(SYSTEM, REMIND)
    reminded.then(
        ruled(like(InformationNotReceived, stage="reminder", missing=("function", "psychological")), "REF-08")
    )
    assert set(reminded.timers) == {"decision", "wait_review"}
    overdue = given(*ASKED, SYSTEM, REMIND).when(DECIDE)
    overdue.then(like(InformationNotReceived, stage="decision"))
    assert set(overdue.timers) == {"wait_review"}


def test_a_timer_that_was_overtaken_does_nothing() -> None:
    given(*ASKED, SYSTEM, REMIND).when(REMIND).then(nothing())
    given(*ASKED, REFERRER, supply(**BOTH)).when(SYSTEM, REMIND).then(nothing())
    given(*ASKED).when(SYSTEM, RemindOfInformation(due_on=date(2027, 1, 11))).then(nothing())


def test_software_never_rejects_a_person_does_after_day_21() -> None:
    given(*ASKED).when(NURSE, reject("INFO_NOT_RECEIVED")).then(refused("2027-01-25", code="not-yet-due"))
    given(*ASKED, SYSTEM, REMIND, DECIDE).when(PSYCHOLOGIST, reject("INFO_NOT_RECEIVED")).then(
        like(ReferralRejected, code="INFO_NOT_RECEIVED", disposition="rejected", decided_by=PSYCHOLOGIST.id)
    ).then_state(Rejected)


def test_a_clinician_goes_on_without_and_triage_is_proposed() -> None:
    result = given(*ASKED).when(NURSE, GO_ON)
    result.then(ReferralProgressed, like(TriageSuggested, category="cat_2")).then_state(Received)
    [progressed] = [fact for fact in result.only_facts if isinstance(fact, ReferralProgressed)]
    assert progressed.model_dump(by_alias=True, exclude={"type", "answered"}) == {
        "from": "information_requested",
        "to": "received",
        "tid": "X03",
    }


def test_going_on_without_needs_a_clinician_and_a_reason() -> None:
    given(*ASKED).when(COORDINATOR, GO_ON).then(refused("a clinician", code="not-permitted"))
    given(*ASKED).when(NURSE, GoOnWithout(reason="  ")).then(refused(code="reason-missing"))


def test_after_going_on_without_the_referral_can_be_accepted() -> None:
    given(*ASKED, NURSE, GO_ON, triage()).when(ACCEPT).then_state(Accepted)


def test_after_acceptance_nothing_can_be_asked() -> None:
    given(receive(), NURSE, triage(), ACCEPT).when(COORDINATOR, ASK).then(
        refused("while referral is accepted")
    )


@pytest.mark.parametrize("command", [SupplyInformation(answers=supply().answers), GO_ON])
def test_nobody_without_the_role_may(command: object) -> None:
    given(*ASKED).when(MANAGER, command).then(refused(code="not-permitted"))  # type: ignore[arg-type]
