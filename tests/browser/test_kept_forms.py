"""Times that forms offer, and what was typed and not sent: there again for whoever typed it, and for nobody else."""

from typing import Any

from playwright.sync_api import expect

from board.drafts import draft_keys
from tests.browser.forms_page import FormsPage
from tests.browser.frames import NORA
from tests.browser.waiting_referral import ANOTHER, REQUEST, TRIAGE, changes, opened


def test_free_times_are_offered_in_clinic_time_with_names(forms: FormsPage) -> None:
    item = {**TRIAGE, "item_type": "BOOK_VISIT", "subject_id": REQUEST}
    page = opened(forms, item, "book_appointments")
    page.get_by_label("Wed 20 Jan, 09:00, Nora Quinn, Triage nurse, main").check()
    page.get_by_role("button", name="Book visit").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    [(_, path, body, _)] = changes(forms)
    assert path == f"scheduling/booking-requests/{REQUEST}/appointments"
    assert body["slots"] == [{"clinician_id": NORA, "start": "2027-01-20T14:00:00Z"}]


def test_times_are_looked_for_from_a_day_on_and_those_taken_stay(forms: FormsPage) -> None:
    page = opened(forms, {**TRIAGE, "item_type": "BOOK_VISIT", "subject_id": REQUEST}, "book_appointments")
    page.get_by_label("Wed 20 Jan, 09:00").check()
    page.get_by_label("Times from").fill("2027-02-16")
    page.get_by_label("Tue 16 Feb, 09:00").check()
    assert page.get_by_label("Wed 20 Jan, 09:00").is_checked()
    page.get_by_role("button", name="Book visit").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    [(_, _, body, _)] = changes(forms)
    assert [each["start"] for each in body["slots"]] == ["2027-01-20T14:00:00Z", "2027-02-16T14:00:00Z"]


def test_each_part_of_a_joint_day_is_offered_the_free_times_of_its_visit(forms: FormsPage) -> None:
    page = opened(forms, {**TRIAGE, "item_type": "MDT_ACTION"}, "plan_joint_day")
    first, second = page.locator(".one").all()
    expect(first).to_contain_text("Choose first: Visit to book")
    for leg, visit, when in (
        (first, "assessment, physiotherapy", "Wed 20 Jan, 09:00"),
        (second, "assessment, psychology", "Wed 20 Jan, 11:00"),
    ):
        leg.get_by_label(visit).check()
        leg.get_by_label(f"{when}, Nora Quinn, Triage nurse, main").check()
    second.get_by_label("assessment, physiotherapy").check()
    time = second.get_by_label("Wed 20 Jan")
    expect(time).to_have_count(1)
    expect(time).not_to_be_checked()
    second.get_by_label("assessment, psychology").check()
    second.get_by_label("Wed 20 Jan, 11:00").check()
    page.get_by_label("phone").check()
    page.get_by_role("button", name="Plan joint day").last.click()
    page.get_by_text("Sent", exact=True).wait_for()
    [(_, _, body, _)] = changes(forms)
    assert body["legs"] == [
        {"booking_request_id": REQUEST, "slot": {"clinician_id": NORA, "start": "2027-01-20T14:00:00Z"}},
        {"booking_request_id": ANOTHER, "slot": {"clinician_id": NORA, "start": "2027-01-20T16:00:00Z"}},
    ]


def half_typed(forms: FormsPage) -> Any:
    page = opened(forms)
    page.get_by_label("Comment").fill("Half typed")
    page.wait_for_function("localStorage.length === 1")
    assert "Half typed" not in page.evaluate("JSON.stringify(localStorage)")
    forms.open()
    return page


def test_what_was_typed_is_there_again_for_whoever_typed_it_and_for_nobody_else(forms: FormsPage) -> None:
    """After a reload, and after somebody else was here in between, who claims to be its author."""
    page = half_typed(forms)
    nora = page.evaluate("frame.draft_keys")
    page.evaluate("(keys) => { frame.draft_keys = keys; }", draft_keys(("a secret",), "somebody else"))
    expect(opened(forms).get_by_label("Comment")).to_have_value("")
    forms.open()
    assert page.evaluate("frame.draft_keys") == nora
    page.evaluate("(item) => work(item)", TRIAGE)
    expect(page.get_by_label("Comment")).to_have_value("Half typed")


def test_what_was_typed_is_not_kept_for_ever(forms: FormsPage) -> None:
    page = half_typed(forms)
    page.evaluate(
        """() => { const [name] = Object.keys(localStorage), days = 3 * 24 * 60 * 60_000;
          const kept = JSON.parse(localStorage[name]);
          localStorage[name] = JSON.stringify({...kept, at: kept.at - days}); }"""
    )
    expect(opened(forms).get_by_label("Comment")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0
