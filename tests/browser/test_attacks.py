"""What people do to a page in a day: two tabs, a step back, a laptop that slept, a session that ended in mid-form.
Nothing typed is lost, nothing happens twice, and old data says so."""

import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.scenes import ASHA, JO, another
from tests.browser.working_door import a_working_door

WHOSE = "YN 4406"


@pytest.fixture
def door():
    return a_working_door()


def form_of(page):
    return page.page.get_by_role("form", name="Triage")


def opened(page):
    """The item and its form."""
    page.link(WHOSE).click()
    page.page.locator('[data-operation="triage"]').click()
    expect(form_of(page)).to_be_visible()
    return form_of(page)


def typed(form, comment="Works half days."):
    form.get_by_label("Category 2").check()
    form.get_by_label("Comment").fill(comment)
    return form


def send(form):
    form.get_by_role("button", name="Triage").click()


def stands(form, comment="Works half days."):
    expect(form.get_by_label("Comment")).to_have_value(comment)
    expect(form.get_by_label("Category 2")).to_be_checked()


def referral_of(door, page):
    return door.rows[page.id_of(WHOSE)]["subject_id"]


# --- two who do the same ---


def test_of_two_people_who_send_the_same_form_one_is_heard_and_the_other_can_look_and_send_again(
    screen, door
):
    door.colleagues["asha"] = JO | {"id": ASHA, "name": "Asha Kumar"}
    mine, hers = screen().ready(), screen(staff="asha").ready()
    forms = [typed(opened(each), f"{number} thinks so.") for number, each in enumerate((mine, hers))]
    send(forms[1])
    expect(hers.page.locator(".sent")).to_be_visible()
    send(forms[0])
    expect(forms[0].locator(".problem")).to_contain_text("Somebody changed this")
    stands(forms[0], "0 thinks so.")
    assert [body["comment"] for _, body in door.triaged] == ["1 thinks so."]
    send(forms[0])
    expect(mine.page.locator(".sent")).to_be_visible()
    assert [body["comment"] for _, body in door.triaged] == ["1 thinks so.", "0 thinks so."]


def test_two_tabs_on_one_item_keep_apart_what_is_typed_and_both_see_what_becomes_of_it(screen, door, browser):
    page = screen().ready()
    form = typed(opened(page))
    with page.page.context.expect_page() as waiting:
        page.page.evaluate("open(location.href)")
    tab = waiting.value
    tab.locator('[data-operation="triage"]').wait_for()
    other = tab.get_by_role("form", name="Triage")
    expect(other).to_be_visible()
    other.get_by_label("Comment").fill("Another thought.")
    stands(form)
    send(form)
    expect(page.page.locator(".sent")).to_be_visible()
    door.end(page.id_of(WHOSE), by=JO["id"])
    send(other)
    expect(other.locator(".problem")).to_contain_text("Somebody changed this")
    expect(other.get_by_label("Comment")).to_have_value("Another thought.")
    assert len(door.triaged) == 1


def test_a_button_that_is_pressed_again_while_the_service_thinks_asks_once(screen, door):
    page, thinks = screen().ready(), threading.Event()
    door.before_change = lambda: thinks.wait(120)
    form = typed(opened(page))
    button = form.get_by_role("button", name="Triage")
    button.click()
    form.evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    door.put(another(1, group="today"))
    expect(page.page.locator(".changes").or_(page.by_id(another(1)["item_id"]))).to_be_visible()
    thinks.set()
    expect(page.page.locator(".sent")).to_be_visible()
    assert len(page.asked("/triage")) == len(door.triaged) == 1


# --- away and back ---


def test_a_step_back_in_the_middle_of_a_form_and_forward_again_finds_what_was_typed(screen):
    page = screen().ready()
    typed(opened(page))
    page.page.go_back()
    expect(form_of(page)).to_have_count(0)
    page.page.go_forward()
    stands(form_of(page))
    page.page.reload()
    stands(form_of(page))


def test_a_laptop_that_slept_for_an_hour_says_that_it_is_behind_until_it_is_not(screen, door):
    page = screen().ready()
    form = typed(opened(page))
    page.still()
    door.stream_status = 502
    door.cut()
    door.now += timedelta(hours=1)
    door.put(another(1, group="today", rank=-5))
    door.end(page.id_of("EV 2815"))
    page.page.clock.fast_forward(3_600_000)
    page.passes(1)
    expect(page.page.locator(".line-state")).to_have_text(
        "No connection since 10:42. This may be out of date"
    )
    door.stream_status = 200
    page.page.clock.resume()
    page.page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.page.locator(".line-state")).to_have_text("Live")
    page.page.get_by_text("Go on", exact=True).or_(page.page.locator("[data-do=uncover]")).first.click()
    page.press("Escape")
    page.page.clock.fast_forward(11_000)
    page.shows()
    expect(page.page.locator(".side time")).to_have_text("11:42")
    page.link(WHOSE).click()
    stands(form)


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing_and_goes_on_after_signing_in(screen, door):
    page = screen().ready()
    form = typed(opened(page))
    door.fails["/api/"] = (401, {"title": "Who are you?", "detail": "Sign in."})
    send(form)
    expect(page.page.locator(".toasts")).to_contain_text("You are signed out")
    expect(form.locator(".problem")).to_contain_text("Sign in")
    stands(form)
    door.fails.clear()
    page.page.reload()
    stands(form)
    send(form)
    expect(page.page.locator(".sent")).to_be_visible()
    assert len(door.triaged) == 1
    assert page.page.evaluate("localStorage.length") == 0


def test_what_was_refused_without_a_session_waits_until_somebody_signs_in_and_they_are_told_no_more(
    screen, door
):
    page = screen().ready()
    door.fails["/api/worklist/items"] = (401, {"title": "Who are you?", "detail": "Sign in."})
    page.row("MK 4821").locator(".claim").click()
    expect(page.page.locator(".toasts")).to_contain_text("You are signed out")
    page.page.clock.fast_forward(120_000)
    page.toast().hover()
    page.page.mouse.move(0, 0)
    page.page.clock.fast_forward(30_000)
    door.fails.clear()
    page.toast().get_by_role("button", name="Try again").click()
    expect(page.card("MK 4821")).to_be_visible()
    expect(page.page.locator(".toasts")).not_to_contain_text("You are signed out")


def test_somebody_else_who_signs_in_at_another_tab_does_nothing_in_this_ones_name(screen, door):
    page = screen().ready()
    door.staff = JO | {"id": ASHA, "name": "Asha Kumar"}
    door.fails["/api/worklist/items"] = (
        403,
        {"type": "urn:huddle:problem:not-proven", "title": "No", "detail": "No."},
    )
    page.row("MK 4821").locator(".claim").click()
    expect(page.page.locator(".toasts")).to_contain_text("You are signed out")
    assert len(page.asked("/claim")) == 1
    door.fails.clear()
    door.staff = JO
    page.page.clock.fast_forward(20_000)
    door.cut()
    page.page.clock.fast_forward(2_000)
    expect(page.page.locator(".toasts")).not_to_contain_text("You are signed out")


def test_a_form_whose_parts_cannot_be_had_says_so_and_is_there_when_it_is_opened_again(screen, door):
    page = screen().ready()
    away = (503, {"title": "Away", "detail": "Away."})
    door.fails |= {"/board/openapi": away, "/board/lists": away}
    page.link(WHOSE).click()
    command = page.page.locator('[data-operation="triage"]')
    command.click()
    expect(page.page.locator(".work .problem")).to_be_visible()
    door.fails.clear()
    command.click()
    command.click()
    stands(typed(form_of(page)))
