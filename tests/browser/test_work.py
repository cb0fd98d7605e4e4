"""The commands of an item in a browser: what is offered and sent, what a refusal leaves, what a reload brings."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from schemas.work import table
from tests.browser.forms_page import FormsPage
from tests.browser.waiting_referral import (
    PATIENT,
    REFERRAL,
    REQUEST,
    TRIAGE,
    WRONG,
    Clinic,
    changes,
    opened,
)

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()


def test_what_may_not_be_done_is_grey_and_says_why(forms: FormsPage) -> None:
    forms.page.evaluate("(item) => work(item)", TRIAGE)
    grey = forms.page.locator("[aria-disabled]")
    grey.first.wait_for()
    assert grey.all_inner_texts() == ["Decline referral", "Redirect referral"]
    assert forms.page.locator(".why").all_inner_texts() == ["For clinical lead", "It is accepted already."]


def test_what_the_viewer_may_never_begin_is_grey_beside_the_item_and_says_for_whom_it_is(
    forms: FormsPage, clinic: Clinic
) -> None:
    may_not = {"action": "draft_plan", "allowed": False, "roles": ["care_coordinator", "physician"]}
    clinic.begins = {"care_plan": [may_not]}
    forms.page.evaluate("(item) => work(item)", {**TRIAGE, "item_type": "PLAN_DRAFT"})
    draft = forms.page.locator('[data-operation="draft_plan"]')
    expect(draft).to_have_attribute("aria-disabled", "true")
    expect(draft).to_have_accessible_description("For care coordinator, physician")
    draft.click(force=True)
    assert forms.page.locator("form").count() == 0


def test_what_nobody_says_anything_of_is_offered(forms: FormsPage) -> None:
    """A service that is away, or of a release before, says nothing; what is sent it decides."""
    page = opened(forms, {**TRIAGE, "item_type": "PLAN_DRAFT"}, "draft_plan")
    assert page.locator("[aria-disabled]").count() == 0


def test_each_service_is_asked_once_what_may_be_begun(forms: FormsPage, clinic: Clinic) -> None:
    clinic.begins = {"care_plan": [], "scheduling": []}
    for _ in range(2):
        opened(forms, {**TRIAGE, "item_type": "PLAN_DRAFT"}, "draft_plan")
    assert [path for _, path, _, _ in forms.told].count("care_plan/actions") == 1


@pytest.mark.parametrize("item_type", ["REF_TRIAGE", "BREAK_GLASS_REVIEW", "PATIENT_PARKED"])
def test_what_is_about_a_thing_that_is_not_for_the_viewer_is_grey_and_says_for_whom_it_is(
    forms: FormsPage, item_type: str
) -> None:
    """One service's thing, and such as any service may have."""
    detail = "This needs the role operations."
    forms.answers = lambda method, path, body: (403, {"title": "Not permitted", "detail": detail})
    forms.page.evaluate("(item) => work(item)", {**TRIAGE, "item_type": item_type})
    commands = len(table()["items"][item_type]["do"])
    expect(forms.page.locator(".why")).to_have_text([detail] * commands)
    expect(forms.page.locator(".commands [aria-disabled]")).to_have_count(commands)


def test_who_must_say_what_they_read_for_is_asked_beside_the_item_before_anything_is_read(
    forms: FormsPage,
) -> None:
    page = forms.page
    page.evaluate("(item) => { frame.must_say = ['coordination']; work(item); }", TRIAGE)
    page.get_by_label("Co-ordination: to see that the work goes on").check()
    assert forms.told == []
    page.get_by_role("button", name="Go on").click()
    page.locator("[aria-disabled]").first.wait_for()
    assert {headers.get("x-purpose") for *_, headers in forms.told} == {"coordination"}
    page.evaluate("(item) => work(item)", TRIAGE)
    page.locator("[aria-disabled]").first.wait_for()
    assert page.get_by_role("button", name="Go on").count() == 0


def test_a_command_is_sent_with_the_version_seen_and_a_key_and_says_sent(forms: FormsPage) -> None:
    page = opened(forms)
    page.get_by_label("Category 2").check()
    page.get_by_label("Comment").fill("Works half days.")
    page.get_by_role("button", name="Triage").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    [(_, path, body, headers)] = changes(forms)
    assert path == f"referral/referrals/{REFERRAL}/triage"
    assert body == {"category": "cat_2", "comment": "Works half days.", "accept": False}
    assert headers["if-match"] == '"3"' and len(headers["idempotency-key"]) == 36
    assert page.evaluate("localStorage.length") == 0


def test_every_wrong_field_is_marked_at_once_and_what_was_typed_stays(
    forms: FormsPage, clinic: Clinic
) -> None:
    clinic.next = [(422, WRONG)]
    page = opened(forms)
    page.get_by_label("Category 1").check()
    page.get_by_label("Comment").fill("Bad.")
    page.get_by_role("button", name="Triage").last.click()
    page.locator(".fault").first.wait_for()
    assert page.locator(".fault").all_inner_texts() == ["No category of the scheme", "Says nothing"]
    assert page.get_by_label("Comment").input_value() == "Bad."


def test_a_lost_answer_is_asked_for_again_under_the_same_key(forms: FormsPage, clinic: Clinic) -> None:
    away = {"title": "Not available now", "detail": "Nothing was changed: try again."}
    clinic.next = [(503, away), (200, {})]
    page = opened(forms)
    page.get_by_label("Category 1").check()
    page.get_by_label("Comment").fill("Soon.")
    page.get_by_role("button", name="Triage").last.click()
    page.get_by_text("Nothing was changed: try again.").wait_for()
    page.get_by_role("button", name="Triage").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    first, second = changes(forms)
    assert first[3]["idempotency-key"] == second[3]["idempotency-key"]


def test_other_words_are_sent_under_another_key(forms: FormsPage, clinic: Clinic) -> None:
    clinic.next = [(503, {"title": "Away", "detail": "Away."}), (200, {})]
    page = opened(forms)
    page.get_by_label("Category 1").check()
    page.get_by_label("Comment").fill("One.")
    page.get_by_role("button", name="Triage").last.click()
    page.get_by_text("Away.").wait_for()
    page.get_by_label("Comment").fill("Two.")
    page.get_by_role("button", name="Triage").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    first, second = changes(forms)
    assert first[3]["idempotency-key"] != second[3]["idempotency-key"]


def test_what_was_sent_can_be_given_again_at_once(forms: FormsPage) -> None:
    page = opened(forms)
    for comment in ("One.", "Two."):
        page.get_by_label("Category 1").check()
        page.get_by_label("Comment").fill(comment)
        page.get_by_role("button", name="Triage").last.click()
        page.get_by_text("Sent", exact=True).wait_for()
        page.locator('[data-operation="triage"]').click()
    assert [body["comment"] for _, _, body, _ in changes(forms)] == ["One.", "Two."]


def test_a_refusal_says_what_is_possible_instead(forms: FormsPage, clinic: Clinic) -> None:
    clinic.next = [
        (409, {"title": "Not possible now", "detail": "Fields are missing.", "instead": ["GoOnWithout"]})
    ]
    page = opened(forms)
    page.get_by_label("Category 1").check()
    page.get_by_label("Comment").fill("One.")
    page.get_by_role("button", name="Triage").last.click()
    page.get_by_text("Possible now: Go on without details").wait_for()


def test_another_choice_of_what_a_command_is_about_draws_its_form_again(forms: FormsPage) -> None:
    page = opened(forms, {**TRIAGE, "item_type": "PSY_SUGGEST"}, "review_finding")
    page.get_by_label("Finding").select_option(label="confidence low")
    page.get_by_label("Decision").wait_for()


def test_a_questionnaire_is_filled_in_under_its_name(forms: FormsPage, clinic: Clinic) -> None:
    clinic.outstanding = ["start_back", "ort_oud"]
    page = opened(forms, {**TRIAGE, "item_type": "MEASURE_CALL"}, "answer_measures")
    for name in ("STarT Back", "ORT-OUD"):
        page.get_by_role("group", name=name).get_by_role("button", name=f"Add to {name}").click()
    page.get_by_role("group", name="ORT-OUD").get_by_role("textbox").fill("1")
    page.get_by_role("group", name="STarT Back").get_by_role("textbox").fill("0")
    page.get_by_role("button", name="Fill in questionnaire").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    [(_, path, body, _)] = changes(forms)
    assert path == f"care_plan/measure-requests/{REFERRAL}/answers"
    assert body == {"answers": {"start_back": [0], "ort_oud": [1]}}


def sign(page: Any) -> None:
    page.get_by_label("referrer").check()
    page.get_by_label("Text").fill("Dear colleague")
    page.get_by_role("button", name="Sign letter").last.click()


def test_of_several_consultations_a_person_chooses_whose_letter_is_signed(
    forms: FormsPage, clinic: Clinic
) -> None:
    clinic.held = [
        {"id": PATIENT, "kind": "initial", "status": "completed"},
        {"id": REFERRAL, "kind": "review", "status": "completed"},
    ]
    page = opened(forms, {**TRIAGE, "item_type": "LETTER_SIGN"}, "sign_outcome_letter")
    picked = page.locator("select#pick-consultation_id")
    assert picked.input_value() == ""
    sign(page)
    page.locator(".problem").wait_for()
    assert changes(forms) == []
    picked.select_option(label="review, completed")
    page.locator("form").wait_for()
    assert page.get_by_label("Text").input_value() == "Dear colleague"
    page.get_by_role("button", name="Sign letter").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    assert [path for _, path, _, _ in changes(forms)] == [f"care_plan/consultations/{REFERRAL}/letter/sign"]


def test_the_only_consultation_needs_no_choice(forms: FormsPage, clinic: Clinic) -> None:
    """Also where it is listed twice."""
    clinic.held = [{"id": REFERRAL, "kind": "initial", "status": "completed"}] * 2
    page = opened(forms, {**TRIAGE, "item_type": "LETTER_SIGN"}, "sign_outcome_letter")
    sign(page)
    page.get_by_text("Sent", exact=True).wait_for()
    assert [path for _, path, _, _ in changes(forms)] == [f"care_plan/consultations/{REFERRAL}/letter/sign"]


def test_a_checklist_names_each_of_its_entries(forms: FormsPage) -> None:
    item = {**TRIAGE, "item_type": "VISIT_READY", "subject_id": REQUEST}
    page = opened(forms, item, "complete_consultation")
    page.get_by_role("group", name="Earlier results").get_by_label("Answer").fill("None")


def test_what_there_is_not_yet_is_grey(forms: FormsPage) -> None:
    page = forms.page
    page.evaluate("(item) => work(item)", {**TRIAGE, "item_type": "VISIT_READY", "subject_id": REQUEST})
    page.locator('[data-operation="complete_session"][aria-disabled]').wait_for()


def test_what_another_service_allows_once_it_knows_is_asked_for_again(
    forms: FormsPage, clinic: Clinic
) -> None:
    """The appointment knows of its consultation when scheduling has heard of it."""
    clinic.heard = False
    item = {**TRIAGE, "item_type": "VISIT_READY", "subject_id": REQUEST}
    page = opened(forms, item, "start_consultation")
    page.get_by_label("initial").check()
    page.get_by_role("button", name="Start consultation").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    complete = page.locator('[data-operation="complete_consultation"]')
    expect(complete).to_have_attribute("aria-disabled", "true")
    clinic.heard = True
    expect(complete).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_forms_have_nothing_that_axe_finds(forms: FormsPage, theme: str) -> None:
    page = opened(forms)
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
    page.get_by_role("button", name="Triage").last.click()
    page.locator(".fault").first.wait_for()
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_clinic_time_is_kept_over_the_change_of_clocks(forms: FormsPage) -> None:
    """In New York clocks go forward on 14 March 2027 at 02:00, back on 7 November at 02:00."""
    told = forms.page.evaluate(
        """(all) => all.map((each) => moments.instant(each, 'America/New_York'))""",
        ["2027-03-14T01:30", "2027-03-14T03:30", "2027-11-07T01:30", "2027-11-07T02:30", "2027-01-20T09:00"],
    )
    assert told == [
        "2027-03-14T06:30:00Z",
        "2027-03-14T07:30:00Z",
        "2027-11-07T05:30:00Z",
        "2027-11-07T07:30:00Z",
        "2027-01-20T14:00:00Z",
    ]
    days = ["2027-01-18", "2027-01-17", "2027-01-19"]
    why = forms.page.evaluate("(days) => days.map((day) => moments.closed(day, frame.calendar))", days)
    assert why == ["Martin Luther King Day", "Sunday", None]
