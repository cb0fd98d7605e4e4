"""Everything that people do and see on the pages: commands, states, rights, privacy, keys, walls, phones."""

import re

from playwright.sync_api import expect

from tests.browser.scenes import ASHA, JO, another

KEPT = "() => JSON.stringify({...localStorage, ...sessionStorage}) + document.documentElement.outerHTML"
COUNT_TONES = """() => { window.tones = 0; window.AudioContext = class {
  constructor() { window.tones += 1; }
  createOscillator() { return {connect() {}, start() {}, stop() {}}; }
}; }"""


def sent(door):
    return [(path.rpartition("/")[2], body) for method, path, body, _ in door.asked if method == "POST"]


def test_claim_release_hold_transfer_and_undo_with_buttons(screen, door):
    page = screen().ready()
    page.row("YN 4406").locator(".claim").click()
    expect(page.toast()).to_contain_text("You claimed Triage referral, YN 4406")
    page.toast().get_by_text("Undo").click()
    expect(page.row("YN 4406")).to_be_visible()
    page.settled()
    page.card("IR 2264").get_by_text("Release").click()
    expect(page.row("IR 2264")).to_be_visible()
    page.settled()
    page.card("CJ 0619").get_by_text("Transfer").click()
    dialog = page.page.locator("dialog")
    dialog.locator("select[name=queue]").select_option("medical")
    dialog.locator("select[name=reason]").select_option("other_expertise")
    dialog.locator(".primary").click()
    expect(page.toast()).to_contain_text("You moved Patient has arrived, CJ 0619 to Medical")
    expect(page.page.locator("aside .yours li")).to_have_count(0)
    page.settled()
    page.link("YN 4406").click()
    page.page.locator("aside.item [data-do=hold]").click()
    dialog.locator("select").select_option("waits_for_patient")
    dialog.locator("input").fill("2026-11-24")
    dialog.locator(".primary").click()
    expect(dialog).to_be_visible()  # not before tomorrow
    dialog.locator("input").fill("2026-11-30")
    dialog.locator(".primary").click()
    page.page.locator("aside.item .close").click()
    expect(page.card("YN 4406", "hold")).to_contain_text("Back Mon 30 Nov")
    assert sent(door) == [
        ("claim", None),
        ("undo", None),
        ("release", None),
        ("transfer", {"queue": "medical", "reason": "other_expertise"}),
        ("hold", {"reason": "waits_for_patient", "resume_on": "2026-11-30"}),
    ]
    assert all(
        said.get("Idempotency-Key") and said.get("X-Huddle-CSRF")
        for method, _, _, said in door.asked
        if method == "POST"
    )


def test_a_whole_shift_with_keys_only(screen, door):
    page = screen().ready()
    page.press("j")
    expect(page.link("RN 2207")).to_be_focused()
    page.press("c")
    expect(page.card("RN 2207")).to_be_visible()
    page.press("z")
    expect(page.row("RN 2207")).to_be_visible()
    page.link("KD 1874").focus()
    page.press("j", "ArrowDown", "k")
    expect(page.link("BA 3390")).to_be_focused()
    page.press("Enter")
    expect(page.page.locator("aside.item h2")).to_have_text("Clear day-of check")
    page.press("Escape")
    expect(page.page.locator("aside.item")).to_have_count(0)
    page.press("/")
    page.page.keyboard.type("hold c")
    expect(page.page.locator(".empty").first).to_contain_text("hidden")
    page.page.locator(".find input").fill("")
    page.link("MK 4821").focus()
    page.press("t")
    expect(page.page.locator("dialog")).to_be_visible()
    page.press("Escape")
    expect(page.page.locator("dialog")).to_have_count(0)
    page.press("?")
    expect(page.page.locator("dialog")).to_contain_text("Show changes")
    page.press("Escape")
    expect(page.page.locator("dialog")).to_have_count(0)
    page.press("]")
    expect(page.page.locator("h1")).to_have_text("Medical")
    page.press("[")
    expect(page.page.locator("h1")).to_have_text("Nursing")


def test_single_keys_can_be_switched_off_and_stay_so(screen, door):
    page = screen().ready()
    page.page.locator("[data-do=settings]").click()
    page.page.get_by_label("Single keys").uncheck()
    page.press("Escape")
    page.page.reload()
    page.ready()
    page.link("YN 4406").focus()
    page.press("c", "j", "ArrowDown")
    expect(page.link("FC 1290")).to_be_focused()
    assert page.asked("/claim") == []


def test_every_row_is_one_stop_and_then_its_button(screen):
    page = screen().ready()
    page.link("YN 4406").focus()
    expect(page.link("YN 4406")).to_have_attribute("tabindex", "0")
    page.press("Tab")
    expect(page.row("YN 4406").locator(".claim")).to_be_focused()
    page.press("Tab")
    assert page.page.evaluate("() => !document.activeElement.closest('.list')")
    assert page.page.locator('.list [tabindex="0"]').count() == 2
    assert (
        page.link("KD 1874").get_attribute("aria-label")
        == "Finish procedure checklist, KD 1874, Procedure checks are due Tue 24 Nov, 2 h late, Escalated"
    )


def test_a_filter_stands_in_the_address_and_never_hides_safety(screen):
    page = screen("/board/nursing?who=mine").ready()
    expect(page.row("RN 2207")).to_be_visible()
    expect(page.row("YN 4406")).to_have_count(0)
    expect(page.page.locator(".list .empty")).to_contain_text("hidden by the filter")
    page.page.get_by_label("When due").select_option("late")
    assert "due=late" in page.page.url and "who=mine" in page.page.url
    page.page.get_by_text("Clear").click()
    expect(page.row("YN 4406")).to_be_visible()
    assert page.page.url.endswith("/board/nursing")
    page.page.goto(page.page.url + "?order=strict")
    expect(page.page.locator(".list h2").first).to_contain_text("In strict order")


def test_nothing_fits_and_clear(screen):
    page = screen("/board/coordination?due=week&who=mine").ready()
    expect(page.page.locator(".list .empty")).to_contain_text("Nothing fits this filter. 5 hidden")
    page.page.locator(".list .empty button").click()
    expect(page.page.locator(".row")).to_have_count(5)


def test_an_empty_queue_says_so(screen):
    page = screen("/board/social_work").ready()
    expect(page.page.locator(".list .empty")).to_have_text(re.compile("Nothing waiting"))


def test_loading_shows_after_a_moment_and_never_at_first(screen, door):
    door.stream_status = 502
    page = screen()
    expect(page.page.locator("h1")).to_have_text("Nursing")
    page.page.clock.fast_forward(1500)
    expect(page.page.locator(".loading")).to_be_visible()


def test_who_has_no_right_to_act_sees_no_buttons_and_reads_whom_to_ask(screen, door):
    door.yours.discard("nursing")
    page = screen().ready()
    expect(page.page.locator(".note").first).to_have_text("You don't work in this queue. Ask a lead")
    expect(page.page.locator(".row button")).to_have_count(0)
    page.link("YN 4406").click()
    expect(page.page.locator("aside.item .note")).to_contain_text("Ask a lead. Nursing")
    expect(page.page.locator("aside.item [data-do=claim]")).to_have_count(0)


def test_who_is_called_for_safety_only_may_claim_that_and_nothing_else(screen, door):
    door.can = ["claim_safety"]
    page = screen().ready()
    expect(page.row("RN 2207").locator(".claim")).to_be_visible()
    expect(page.page.locator(".row button")).to_have_count(1)


def test_who_has_no_right_to_see_reads_whom_to_ask(screen, door):
    door.fails["/api/worklist/queues"] = (403, {"title": "Not permitted", "detail": "no"})
    door.stream_status = 403
    page = screen()
    expect(page.page.locator(".note")).to_have_text("You don't work in this queue. Ask a lead")


def test_an_error_says_that_nothing_changed_and_the_same_attempt_is_made_again(screen, door):
    page = screen().ready()
    door.fails["/api/worklist/items"] = (500, {"title": "A mistake of ours", "detail": "Sorry."})
    page.row("YN 4406").locator(".claim").click()
    expect(page.toast()).to_contain_text("That didn't work. Nothing changed")
    door.fails.clear()
    page.toast().get_by_text("Try again").click()
    expect(page.card("YN 4406")).to_be_visible()
    keys = {said["Idempotency-Key"] for _, path, _, said in door.asked if path.endswith("/claim")}
    assert len(keys) == 1


def test_a_name_is_asked_for_hides_after_half_a_minute_and_stays_nowhere(screen, door):
    page = screen()
    page.ready()
    page.link("YN 4406").click()
    page.page.get_by_text("Show name").click()
    expect(page.page.locator("aside.item .name")).to_have_text("Name of YN 4406")
    page.page.clock.fast_forward(31_000)
    expect(page.page.locator("aside.item .name")).to_have_count(0)
    kept = page.page.evaluate(
        "() => JSON.stringify({...localStorage, ...sessionStorage}) + document.documentElement.outerHTML"
    )
    assert "Name of" not in kept
    assert page.page.evaluate("() => JSON.stringify({...localStorage}).includes('4406')") is False


def test_after_a_quarter_of_an_hour_the_page_is_covered_but_a_wall_never(screen, door):
    page, wall = screen().ready(), screen("/board?wall=1").ready()
    for each in (page, wall):
        each.page.clock.fast_forward(15 * 60_000 + 2_000)
    expect(page.page.locator(".cover")).to_be_visible()
    assert page.page.locator(".page").evaluate("each => each.inert")
    page.page.locator(".cover button").click()
    expect(page.page.locator(".cover")).to_have_count(0)
    expect(wall.page.locator(".cover")).to_have_count(0)


def test_labels_come_in_one_request_and_without_the_right_rows_show_numbers(screen, door):
    page = screen().ready()
    expect(page.row("YN 4406")).to_contain_text("YN 4406")
    assert len(page.asked("/api/referral/labels")) == 1
    door.fails["/api/referral/labels"] = (403, {"title": "Not permitted"})
    other = screen().ready()
    expect(other.row("YN 4406")).to_contain_text("#20408")


def test_the_item_says_why_what_closes_it_and_what_happened(screen):
    page = screen().ready()
    page.link("PS 0952").click()
    item = page.page.locator("aside.item")
    expect(item).to_contain_text("Referral is triaged, rejected or sent back")
    expect(item.locator(".history li")).to_have_count(7)
    expect(item.locator(".history li").nth(0)).to_contain_text("Escalated again")
    expect(item.locator(".history li").nth(3)).to_contain_text("Claimed by Asha Kumar")
    assert page.page.url.endswith(page.id_of("PS 0952"))
    page.page.go_back()
    expect(item).to_have_count(0)


def test_how_many_a_rule_made_that_nobody_verified_stands_once_over_the_list_and_which_beside_the_item(
    screen, door
):
    marks = [{"rule": "REF-02@1", "part": "fracture"}, {"rule": "drug.table@1"}]
    plain = screen().ready()
    expect(plain.page.locator(".head")).not_to_contain_text("nobody verified")
    row = another(7, unverified=marks)
    door.put(row)
    door.put(another(8, unverified=marks))
    page = screen().ready()
    expect(page.page.locator(".head")).to_contain_text("2 by rules nobody verified")
    expect(page.page.locator(".list")).not_to_contain_text("verified")
    page.by_id(row["item_id"]).locator(".main").click()
    expect(page.page.locator("aside.item")).to_contain_text("Red flags: Fracture, Table of drugs")
    expect(page.page.get_by_title("drug.table@1")).to_have_text("Table of drugs")


def test_the_item_says_once_and_fully_when_it_is_due(screen):
    page = screen().ready()
    for label, text in (
        ("KD 1874", "2 h late, was due 08:30"),
        ("YN 4406", "Today 17:00, Tue 24 Nov"),
        ("DR 3307", "Tomorrow, Wed 25 Nov, 17:00"),
        ("EV 2815", "Thu 26 Nov, 17:00"),
    ):
        page.link(label).click()
        expect(page.page.locator("aside.item dd").first).to_have_text(text)


def test_sound_is_off_until_somebody_turns_it_on(screen, door):
    page = screen().ready()
    page.page.evaluate(COUNT_TONES)
    door.put(another(1, group="safety"))
    page.shows()
    assert page.page.evaluate("tones") == 0
    page.page.locator("[data-do=settings]").click()
    page.page.get_by_label("Sound").check()
    page.press("Escape")
    door.put(another(2, group="safety"))
    expect(page.page.locator(".list .row.safety, .loud")).not_to_have_count(2)
    assert page.page.evaluate("tones") == 1


def test_colleagues_are_named_and_nobody_by_id(screen, door):
    page = screen().ready()
    expect(page.card("GP 3581", "others")).to_contain_text("Asha Kumar, 6 min")
    text = page.page.locator("#app").inner_text()
    assert ASHA not in text and JO["id"] not in text and "REF_TRIAGE" not in text
