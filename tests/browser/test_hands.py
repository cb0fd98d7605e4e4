"""Nothing moves under a hand; what a person does goes where they meant it; focus survives."""

import pytest
from playwright.sync_api import expect

from tests.browser.scenes import ASHA, TOM, another

HERE = "document.activeElement.closest('[data-id]')?.dataset.id"


def overtaking(door, label_of, label):
    """Somebody's row now stands before all others of its group."""
    row = door.rows[label_of(label)]
    apart, group, _, item_id = row["order"]
    door.change(item_id, order=[apart, group, -1, item_id])


def test_positions_wait_while_the_hand_is_over_the_list_and_come_when_asked_for(screen, door):
    page = screen().ready()
    page.still()
    before = page.order()
    page.hover("YN 4406")
    fresh = another(1, group="today", rank=-5)
    door.put(fresh)
    door.end(page.id_of("EV 2815"))
    overtaking(door, page.id_of, "FC 1290")
    page.hears()
    expect(page.changes()).to_have_text("Show 3 changes")
    assert page.order() == before
    page.changes().click()
    page.passes(0.05)
    page.shows()
    expect(page.by_id(fresh["item_id"])).to_contain_text("New")


def test_text_changes_at_once_while_its_place_waits(screen, door):
    page = screen().ready()
    page.still()
    page.hover("YN 4406")
    door.change(page.id_of("YN 4406"), level=2)
    page.hears()
    expect(page.row("YN 4406")).to_contain_text("Escalated twice")
    expect(page.changes()).to_have_count(0)


def test_after_ten_quiet_seconds_changes_come_and_the_row_with_focus_keeps_its_place(screen, door):
    page = screen().ready()
    page.still()
    page.link("YN 4406").focus()
    place = page.order()["today"].index(page.id_of("YN 4406"))
    overtaking(door, page.id_of, "YN 4406")
    door.put(another(1, group="later", rank=-5))
    page.hears()
    expect(page.changes()).to_have_text("Show 2 changes")
    page.passes(10.5)
    expect(page.changes()).to_have_text("Show 1 change")
    assert page.order()["today"].index(page.id_of("YN 4406")) == place
    assert page.page.evaluate(HERE) == page.id_of("YN 4406")


def test_paused_nothing_moves_however_long_it_takes(screen, door):
    page = screen().ready()
    page.press("p")
    for number in range(7):
        door.put(another(number))
    expect(page.changes()).to_contain_text("Paused, 7 changes waiting")
    page.page.clock.fast_forward(60_000)
    door.beat()
    expect(page.changes()).to_contain_text("Paused, 7 changes waiting")
    page.press("p")
    page.shows()


def test_the_click_hits_the_row_that_was_there(screen, door):
    page = screen().ready()
    page.still()
    page.hover("YN 4406")
    overtaking(door, page.id_of, "FC 1290")
    page.hears()
    expect(page.changes()).to_have_text("Show 1 change")
    page.row("YN 4406").locator(".claim").click()
    page.page.clock.resume()
    expect(page.card("YN 4406")).to_be_visible()
    assert page.asked("/claim") == [f"/api/worklist/items/{page.id_of('YN 4406')}/claim"]


def test_a_click_right_after_a_move_is_not_meant_for_what_is_there_now(screen, door):
    page = screen().ready()
    page.still()
    page.hover("YN 4406")
    overtaking(door, page.id_of, "FC 1290")
    page.hears()
    expect(page.changes()).to_have_text("Show 1 change")
    page.press(".")
    page.passes(0.05)
    page.row("YN 4406").locator(".claim").click()
    page.passes(0.3)
    assert page.asked("/claim") == []
    page.row("YN 4406").locator(".claim").click()
    page.page.clock.resume()
    expect(page.card("YN 4406")).to_be_visible()
    assert len(page.asked("/claim")) == 1


def test_a_row_that_somebody_takes_or_ends_stays_and_says_so(screen, door):
    page = screen().ready()
    page.still()
    page.hover("YN 4406")
    taken, ended = page.row("YN 4406"), page.row("FC 1290")
    door.change(page.id_of("YN 4406"), status="claimed", claimed_by=ASHA, claimed_at=door.time())
    door.end(page.id_of("FC 1290"), by=TOM)
    page.hears()
    page.page.clock.resume()
    expect(taken).to_contain_text("Asha Kumar claimed this")
    expect(ended).to_contain_text("Done by Tom Reyes")
    expect(taken.locator("button")).to_have_count(0)
    expect(ended.locator("button")).to_have_count(0)


def test_a_new_safety_item_shows_at_once_in_the_bar_and_moves_nothing(screen, door):
    page = screen().ready()
    page.still()
    page.hover("YN 4406")
    before = page.row("YN 4406").bounding_box()
    door.put(another(1, group="safety"))
    page.hears()
    expect(page.page.locator(".top .loud")).to_have_text("1 new safety item")
    expect(page.page.locator("[role=alert]")).to_have_text("New safety item in Nursing, answer by 11:00")
    assert page.row("YN 4406").bounding_box() == before


def test_focus_goes_to_the_next_row_when_its_row_leaves(screen, door):
    page = screen().ready()
    page.link("YN 4406").focus()
    page.press("c")
    expect(page.card("YN 4406")).to_be_visible()
    page.page.wait_for_function(f"id => {HERE} === id", arg=page.id_of("FC 1290"))


def test_focus_goes_to_the_heading_when_no_row_is_left(screen, door):
    for row in list(door.rows.values()):
        if row["queue"] == "management" and row["item_type"] != "WAIT_BREACH":
            door.rows.pop(row["item_id"])
    page = screen("/board/management").ready()
    page.page.locator(".row .main").focus()
    page.press("c")
    page.page.wait_for_function("() => document.activeElement.tagName === 'H1'")


@pytest.mark.parametrize("dialog", [False, True])
def test_focus_scroll_and_an_open_dialog_survive_two_hundred_changes(screen, door, dialog):
    for number in range(60):
        row = another(number)
        door.rows[row["item_id"]] = row
    page = screen().ready()
    page.link("YN 4406").focus()
    page.page.evaluate("scrollTo(0, 300)")
    if dialog:
        page.press("h")
        page.page.locator("dialog select").select_option("waits_for_others")
    top = page.row("YN 4406").bounding_box()
    for number in range(200):
        door.put(another(number % 90, group=("today", "later")[number % 2], rank=-number, version=number + 2))
    last = another(199, group="later", rank=-999)
    door.put(last)
    expect(page.changes()).to_be_attached()
    page.page.clock.fast_forward(11_000)
    expect(page.by_id(last["item_id"])).to_be_attached()
    assert page.row("YN 4406").bounding_box()["y"] == pytest.approx(top["y"], abs=2)
    if dialog:
        assert page.page.locator("dialog select").input_value() == "waits_for_others"
        assert page.page.evaluate("document.activeElement.tagName") == "SELECT"
    else:
        assert page.page.evaluate(HERE) == page.id_of("YN 4406")
