"""Urgency, acceptance and decline: decisions of a named clinician (REF-06, REF-09, REF-11 to REF-13; TID
02, 03, 05)."""

from datetime import date

import pytest

from backbone.model import SYSTEM, Actor
from schemas.referral.v1.referral import (
    ReferralAccepted,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    TargetChanged,
    TriageSuggested,
)
from services.referral.referral.commands import AskForTriage, NoteDose, Reject, ResolveRedFlag
from services.referral.referral.facts import DoseNoted
from services.referral.referral.states import Accepted, Rejected
from tests.support.deciding import deciding, like, nothing, refused, ruled
from tests.support.submissions import DIAZEPAM, OXYCODONE, flags
from tests.unit.referral.situations import (
    ACCEPT,
    COORDINATOR,
    MANAGER,
    NURSE,
    OTHER_NURSE,
    PHYSICIAN,
    PSYCHOLOGIST,
    REFERRER,
    at,
    given,
    receive,
    redirect,
    reject,
    rules,
    triage,
)

LATER, SOONER = at("2027-01-12T19:00Z"), at("2027-01-11T19:00Z")
HIGH, LOW = NoteDose(high=True, at=LATER), NoteDose(high=False, at=LATER)


def test_a_high_dose_of_opioids_is_shown_to_whoever_triages_and_taken_back_when_it_is_none_any_more() -> None:
    package = receive(medications=[OXYCODONE, DIAZEPAM])
    shown = like(TriageSuggested, advisories=("mme_high", "opioid_benzodiazepine"))
    given(package).when(SYSTEM, HIGH).then(DoseNoted, shown)
    taken_back = like(TriageSuggested, advisories=("opioid_benzodiazepine",))
    given(package, HIGH).when(SYSTEM, LOW).then(DoseNoted, taken_back)
    given(package).when(SYSTEM, LOW).then(nothing())


def test_an_older_dose_that_is_told_again_changes_nothing() -> None:
    assert given(receive(), HIGH).when(SYSTEM, HIGH, NoteDose(high=False, at=SOONER)).only_facts == []


def test_after_the_decision_a_dose_is_kept_for_the_next_triage_and_proposes_nothing_by_itself() -> None:
    decided = given(receive(), NURSE, triage("cat_2"))
    assert not [each for each in decided.when(SYSTEM, HIGH).only_facts if isinstance(each, TriageSuggested)]
    again = given(receive(), NURSE, triage("cat_2"), HIGH).when(PHYSICIAN, AskForTriage())
    again.then(like(TriageSuggested, advisories=("mme_high",)))


def test_journey_1_category_2_then_accepted() -> None:
    given(receive()).when(at("2027-01-13T19:00Z"), NURSE, triage("cat_2"), ACCEPT).then(
        ruled(
            like(
                ReferralTriaged,
                triage_no=1,
                scheme="AU-QLD",
                category="cat_2",
                priority="routine",
                target_days=90,
                target_date=date(2027, 4, 4),
                agrees_with_suggestion=True,
                decided_by=NURSE.id,
            ),
            "urgency.scheme.au_qld",
            "REF-06",
        ),
        like(ReferralAccepted, category="cat_2", target_date=date(2027, 4, 4), decided_by=NURSE.id),
    ).then_state(Accepted)


@pytest.mark.parametrize(
    ("category", "target"),
    [("cat_1", date(2026, 2, 4)), ("cat_2", date(2026, 4, 5)), ("cat_3", date(2027, 1, 5))],
)
def test_the_target_counts_from_the_start_of_the_clock(category: str, target: date) -> None:
    given(at("2026-01-05T14:00Z"), receive()).when(at("2026-01-20T14:00Z"), NURSE, triage(category)).then(
        like(ReferralTriaged, target_date=target)
    )


def test_the_clock_starts_on_the_clinic_s_day_not_on_the_day_of_utc() -> None:
    given(at("2026-01-06T03:00Z"), receive()).when(NURSE, triage("cat_1")).then(
        like(ReferralTriaged, target_date=date(2026, 2, 4))
    )


def test_incompleteness_does_not_move_the_target() -> None:
    given(receive(without=("function",))).when(NURSE, triage("cat_1")).then(
        like(ReferralTriaged, target_date=date(2027, 2, 3))
    )


def test_a_comment_is_mandatory() -> None:
    given(receive()).when(NURSE, triage(comment="  ")).then(
        refused("a comment is mandatory", code="reason-missing")
    )


def test_the_comment_stands_behind_a_ref() -> None:
    result = given(receive()).when(NURSE, triage(comment="cries in the night"))
    [triaged] = [fact for fact in result.only_facts if isinstance(fact, ReferralTriaged)]
    assert b"cries in the night" in result.world.contents[triaged.note_ref]
    assert "cries" not in triaged.model_dump_json()


def test_the_clinician_may_disagree_and_change_priority_in_the_same_act() -> None:
    given(receive()).when(NURSE, triage("cat_1", priority="asap", complexity="high")).then(
        like(ReferralTriaged, priority="asap", complexity="high", agrees_with_suggestion=False)
    )


def test_a_category_of_another_scheme_is_refused() -> None:
    given(receive()).when(NURSE, triage("p1")).then(refused("no category p1", code="unknown-code"))


def test_a_second_triage_counts_and_moves_the_target() -> None:
    given(receive(), NURSE, triage("cat_2"), ACCEPT).when(PHYSICIAN, triage("cat_1")).then(
        like(ReferralTriaged, triage_no=2, decided_by=PHYSICIAN.id),
        like(TargetChanged, previous=date(2027, 4, 4), target_date=date(2027, 2, 3), cause="re_triage"),
    )


def test_a_second_triage_with_the_same_category_moves_nothing() -> None:
    given(receive(), NURSE, triage("cat_2")).when(OTHER_NURSE, triage("cat_2")).then(
        like(ReferralTriaged, triage_no=2)
    )


@pytest.mark.parametrize(
    "actor", [COORDINATOR, MANAGER, PSYCHOLOGIST, REFERRER, SYSTEM, Actor("user", None, "triage_nurse")]
)
def test_only_a_named_triage_clinician_triages(actor: Actor) -> None:
    given(receive()).when(actor, triage()).then(refused("triage clinician", code="not-permitted"))


def test_without_triage_nothing_is_accepted() -> None:
    given(receive()).when(NURSE, ACCEPT).then(refused("has not been decided", instead="Triage"))


def test_an_incomplete_referral_is_not_accepted() -> None:
    given(receive(without=("function",)), NURSE, triage()).when(ACCEPT).then(
        refused("function", instead="RequestInformation", code="incomplete")
    )


def test_a_second_acceptance_names_who_accepted() -> None:
    given(receive(), NURSE, triage(), ACCEPT).when(OTHER_NURSE, ACCEPT).then(
        refused(f"accepted already by {NURSE.id}", code="decided-already")
    )


def test_an_open_emergency_stops_triage_and_acceptance() -> None:
    emergency = receive(red_flag_screen=flags(cauda_equina_neuro="yes"))
    stopped = given(emergency).when(NURSE, triage())
    stopped.then(refused("cauda_equina_neuro", instead="ResolveRedFlag", code="red-flag-open"))
    [flag] = stopped.state.course.open_flags
    resolve = ResolveRedFlag(flag_id=flag.flag_id, result="assessed_continue")
    given(emergency, PHYSICIAN, resolve).when(NURSE, triage(), ACCEPT).then(ReferralTriaged, ReferralAccepted)


def test_another_triage_can_be_asked_for() -> None:
    given(receive(), NURSE, triage(), ACCEPT).when(PSYCHOLOGIST, AskForTriage()).then(
        like(TriageSuggested, category="cat_2")
    )


def test_a_rejection_carries_code_text_and_advice() -> None:
    result = given(receive()).when(NURSE, reject())
    result.then(
        ruled(
            like(
                ReferralRejected,
                code="UNDER_OTHER_PAIN_SERVICE",
                disposition="rejected",
                decided_by=NURSE.id,
            ),
            "REF-09",
        )
    ).then_state(Rejected)
    [rejected] = [fact for fact in result.only_facts if isinstance(fact, ReferralRejected)]
    assert b"please stay with them" in result.world.contents[rejected.advice_ref]


@pytest.mark.parametrize("code", ["", "NO_SUCH_CODE", "OUT_OF_CATCHMENT", "PAIN_SCORE_BELOW_MIN"])
def test_a_code_that_is_no_code_to_reject_with_is_refused(code: str) -> None:
    given(receive()).when(NURSE, reject(code)).then(refused("no code to reject with", code="unknown-code"))


def test_without_text_or_advice_nothing_ends() -> None:
    for text, advice in (("", "stay there"), ("cared for elsewhere", " ")):
        command = Reject(code="UNDER_OTHER_PAIN_SERVICE", text=text, advice=advice)
        given(receive()).when(NURSE, command).then(refused("text and advice", code="reason-missing"))


def test_advice_only_is_a_disposition() -> None:
    given(receive()).when(NURSE, reject("ADVICE_ONLY", disposition="advice_only")).then(
        like(ReferralRejected, disposition="advice_only")
    )
    given(receive()).when(NURSE, reject("ADVICE_ONLY")).then(refused(code="unknown-code"))


def test_a_redirection_names_the_service() -> None:
    given(receive()).when(NURSE, redirect()).then(
        like(ReferralRedirected, code="OUT_OF_CATCHMENT", to_service="rheumatology", decided_by=NURSE.id)
    ).then_state(Rejected)


def test_what_was_accepted_may_be_declined_with_a_reason() -> None:
    given(receive(), NURSE, triage(), ACCEPT).when(PSYCHOLOGIST, reject()).then(
        like(ReferralRejected, disposition="rejected")
    )


def test_a_clinic_may_forbid_declining_after_acceptance() -> None:
    settings = rules().referral.endings.model_copy(
        update={
            "values": rules().referral.endings.values.model_copy(update={"decline_after_acceptance": "never"})
        }
    )
    strict = rules().model_copy(
        update={"referral": rules().referral.model_copy(update={"endings": settings})}
    )
    given_strictly = deciding(given.aggregate, strict, actor=REFERRER)
    given_strictly(receive(), NURSE, triage(), ACCEPT).when(reject()).then(refused("does not decline"))


def test_terminal_stays_terminal() -> None:
    ended = (receive(), NURSE, reject())
    given(*ended).when(OTHER_NURSE, reject()).then(
        refused(f"rejected already by {NURSE.id}", code="decided-already")
    )
    given(*ended).when(redirect()).then(refused("rejected already"))
    given(*ended).when(triage()).then(refused("while referral is rejected"))
    given(*ended).when(ACCEPT).then(refused("while referral is rejected"))
