"""Receipt and amendment: red flags before completeness, the same again changes nothing (REF-01 to REF-05)."""

from datetime import date

import pytest

from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    InformationSupplied,
    RedFlagRaised,
    RedFlagUnclear,
    ReferralAmended,
    ReferralReceived,
    TriageSuggested,
)
from services.referral.referral.facts import PackageFiled
from services.referral.referral.states import AwaitingInformation, Received, Rejected
from tests.support.deciding import START, like, nothing, refused, ruled
from tests.support.submissions import (
    DIAZEPAM,
    OXYCODONE,
    SPINE_CENTRE,
    WARFARIN,
    a_patient,
    a_referrer,
    a_submission,
    flags,
)
from tests.unit.referral.situations import (
    ACCEPT,
    ASK,
    COORDINATOR,
    MANAGER,
    NURSE,
    REFERRER,
    STRANGER,
    given,
    receive,
    redirect,
    supply,
    triage,
)


def test_journey_1_begins_with_exactly_these_facts() -> None:
    given().when(receive(without=("function", "psychological"))).then(
        like(
            ReferralReceived,
            clock_start=START,
            duration_months=10,
            medication_flags=(),
            onset_month=date(2026, 3, 1),
        ),
        like(MedicationsListed, items=(), complete=True),
        ruled(like(FoundIncomplete, missing=("function", "psychological")), "REF-01"),
    ).then_state(Received)


def test_journey_2_is_complete_at_once() -> None:
    referrer = a_referrer("specialist", SPINE_CENTRE)
    onset = {"months_ago": 8}
    given().when(receive(referrer=referrer, medications=[WARFARIN], onset=onset)).then(
        like(ReferralReceived, duration_months=8, medication_flags=("antithrombotic",)),
        like(MedicationsListed, complete=True),
        FoundComplete,
        like(TriageSuggested, category="cat_2", advisories=()),
    )


def test_journey_3_raises_the_red_flag_before_it_finds_anything_missing() -> None:
    screen = flags(suicide_mental_health="yes")
    medications = [OXYCODONE, DIAZEPAM]
    given().when(
        receive(red_flag_screen=screen, medications=medications, without=("function", "social"))
    ).then(
        like(ReferralReceived, medication_flags=("opioid", "benzodiazepine")),
        like(MedicationsListed, complete=True),
        ruled(
            like(RedFlagRaised, flag="suicide_mental_health", severity="same_day", source="referral"),
            "REF-02",
        ),
        like(FoundIncomplete, missing=("function", "social")),
    )


@pytest.mark.parametrize(
    ("flag", "severity"),
    [
        ("cauda_equina_neuro", "emergency"),
        ("acute_no_diagnosis", "same_day"),
        ("suicide_mental_health", "same_day"),
        ("malignancy", "urgent"),
        ("infection", "urgent"),
        ("fracture", "urgent"),
        ("inflammatory", "urgent"),
        ("vascular", "emergency"),
        ("opioid_overdose", "same_day"),
    ],
)
def test_every_flag_has_the_severity_of_the_table(flag: str, severity: str) -> None:
    result = given().when(receive(red_flag_screen=flags(**{flag: "yes"})))
    [raised] = [fact for fact in result.only_facts if isinstance(fact, RedFlagRaised)]
    assert (raised.flag, raised.severity) == (flag, severity)


def test_unknown_is_not_no() -> None:
    given().when(receive(red_flag_screen=flags(infection="unknown"))).then(
        ReferralReceived,
        MedicationsListed,
        ruled(like(RedFlagUnclear, flags=("infection",)), "REF-03"),
        FoundComplete,
        TriageSuggested,
    )


def test_a_screen_that_was_not_answered_is_unclear_and_missing() -> None:
    result = given().when(receive(without=("red_flag_screen",)))
    assert [type(fact) for fact in result.only_facts if fact.public] == [
        ReferralReceived,
        MedicationsListed,
        RedFlagUnclear,
        FoundIncomplete,
    ]
    assert result.state.course.missing == ("red_flag_screen",)


def test_a_medication_list_that_was_not_given_is_not_complete() -> None:
    given().when(receive(without=("medications",))).then(
        like(ReferralReceived, medication_flags=()),
        like(MedicationsListed, items=(), complete=False),
        like(FoundIncomplete, missing=("medications",)),
    )


def test_all_missing_fields_are_found_at_once_in_the_order_of_the_data_set() -> None:
    submission = a_submission()
    submission["answers"] = {}
    submission["patient"] = {"identifier": submission["patient"]["identifier"]}
    submission["referrer"].pop("return_channel")
    result = given().when(receive(submission))
    assert result.state.course.missing == (
        "identity",
        "referrer",
        "reason_for_referral",
        "onset",
        "mechanism",
        "pain_site_character",
        "prior_treatments",
        "medications",
        "history",
        "function",
        "psychological",
        "social",
        "substance_use",
        "self_management_willing",
        "red_flag_screen",
        "consent_to_referral",
        "reports",
        "coverage",
    )


def test_reports_are_required_if_tests_were_performed() -> None:
    result = given().when(receive(tests_performed=True))
    assert result.state.course.missing == ("reports",)


def test_reports_of_tests_that_were_not_performed_are_settled() -> None:
    result = given().when(receive(without=("mechanism",)))
    [found] = [fact for fact in result.only_facts if isinstance(fact, FoundIncomplete)]
    assert (found.missing, found.not_performed) == (("mechanism",), ("reports",))


def test_an_onset_that_is_not_computable_to_months_is_missing() -> None:
    assert given().when(receive(onset={})).state.course.missing == ("onset",)


def test_a_refused_consent_is_asked_for_again() -> None:
    assert given().when(receive(consent_to_referral=False)).state.course.missing == ("consent_to_referral",)


def test_the_same_again_changes_nothing() -> None:
    given(receive()).when(receive()).then(nothing())
    given(receive(), COORDINATOR, NURSE, triage(), ACCEPT, REFERRER).when(receive()).then(nothing())


def test_the_same_key_with_new_content_is_an_amendment() -> None:
    given(receive()).when(receive(mechanism="a fall from a ladder")).then(
        like(ReferralAmended, changed=("mechanism",), version=2)
    )


def test_an_amendment_that_completes_leads_to_triage() -> None:
    given(receive(without=("function",))).when(receive()).then(
        like(ReferralAmended, changed=("function",)), like(FoundComplete, version=2), TriageSuggested
    )


def test_an_amendment_that_takes_an_answer_back_is_incomplete_again() -> None:
    given(receive()).when(receive(without=("function",))).then(
        ReferralAmended, like(FoundIncomplete, missing=("function",))
    )


def test_a_changed_list_of_drugs_is_published_again() -> None:
    given(receive()).when(receive(medications=[OXYCODONE])).then(
        ReferralAmended, like(MedicationsListed, complete=True)
    )


def test_an_amendment_raises_a_new_red_flag_but_no_old_one_again() -> None:
    already = receive(red_flag_screen=flags(infection="yes"))
    given(already).when(receive(red_flag_screen=flags(infection="yes", vascular="yes"))).then(
        ReferralAmended, like(RedFlagRaised, flag="vascular", source="amendment")
    )


def test_an_amendment_of_a_rejected_referral_still_raises_its_red_flag() -> None:
    given(receive(), NURSE, redirect(), REFERRER).when(receive(red_flag_screen=flags(vascular="yes"))).then(
        ReferralAmended, like(RedFlagRaised, flag="vascular", severity="emergency")
    ).then_state(Rejected)


def test_after_acceptance_nothing_is_asked_for() -> None:
    given(receive(), NURSE, triage(), ACCEPT, REFERRER).when(receive(without=("function",))).then(
        ReferralAmended
    )


def test_an_amendment_that_answers_a_request_is_the_answer() -> None:
    missing = receive(without=("function", "social"))
    given(missing, COORDINATOR, ASK, REFERRER).when(receive(without=("social",))).then(
        like(ReferralAmended, changed=("function",)),
        like(InformationSupplied, supplied=("function",), still_missing=("social",)),
        like(FoundIncomplete, missing=("social",)),
    ).then_state(Received)


def test_an_amendment_that_answers_nothing_leaves_the_request_running() -> None:
    missing = receive(without=("function",))
    given(missing, COORDINATOR, ASK, REFERRER).when(receive(without=("function",), mechanism="a fall")).then(
        like(ReferralAmended, changed=("mechanism",))
    ).then_state(AwaitingInformation)


SUPPLIED = (receive(without=("function",)), COORDINATOR, ASK, REFERRER, supply(function="walks 500 m"))


def test_the_first_version_sent_again_takes_nothing_back_that_was_supplied_since() -> None:
    given(*SUPPLIED).when(receive(without=("function",))).then(nothing())


def test_an_amendment_leaves_what_was_supplied_since() -> None:
    given(*SUPPLIED).when(receive(without=("function",), mechanism="a fall")).then(
        like(ReferralAmended, changed=("mechanism",), version=3)
    )


def test_an_amendment_that_says_what_was_supplied_since_changes_nothing_outside() -> None:
    same = receive(function="walks 500 m")
    given(*SUPPLIED).when(same).then(PackageFiled)
    given(*SUPPLIED, same).when(same).then(nothing())


def test_an_amended_screen_leaves_the_answers_that_were_supplied_since() -> None:
    unclear = flags(infection="unknown", fracture="unknown")
    supplied = supply(red_flag_screen=flags(infection="no", fracture="unknown"), function="walks 500 m")
    steps = (receive(red_flag_screen=unclear, without=("function",)), COORDINATOR, ASK, REFERRER, supplied)
    amended = receive(
        red_flag_screen=flags(infection="unknown", vascular="yes", fracture="unknown"), without=("function",)
    )
    result = given(*steps).when(amended)
    result.then(
        ReferralAmended,
        like(RedFlagRaised, flag="vascular", still_unclear=("infection", "fracture")),
    )


def test_the_sender_s_identifier_belongs_to_one_patient() -> None:
    other = receive(patient=a_patient("P-2"))
    given(receive()).when(other).then(refused("another patient", code="other-patient"))


def test_a_referrer_of_another_organisation_can_t_amend() -> None:
    given(receive()).when(STRANGER, receive(mechanism="a fall")).then(refused(code="not-permitted"))
    other = receive(referrer=a_referrer(organisation=SPINE_CENTRE))
    given(receive()).when(other).then(refused(code="other-organisation"))


def test_a_manager_submits_nothing() -> None:
    given().when(MANAGER, receive()).then(refused("referrer or intake staff", code="not-permitted"))


def test_nothing_personal_stands_in_the_facts() -> None:
    said = "".join(fact.model_dump_json() for fact in given().when(receive()).only_facts)
    for personal in ("Example", "Alex", "1975", "555", "P-1", "R-1", "office", "Main Street Practice"):
        assert personal not in said
