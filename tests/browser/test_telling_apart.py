"""What a row says of itself, whose it stays, and what the address says of the list."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.scenes import another, stamp


def test_who_does_nothing_is_asked_before_the_item_goes_back_and_keeps_it(screen, door):
    door.rows[an_item(door, "IR 2264")] |= {
        "goes_back_at": stamp(door.now + timedelta(minutes=5, seconds=30))
    }
    page = screen().ready()
    page.page.clock.fast_forward(60_000)
    door.now += timedelta(minutes=1)
    door.beat()
    expect(page.toast()).to_contain_text(
        "Still working on Triage referral, IR 2264? It goes back to the queue at 10:47"
    )
    page.toast().get_by_text("Keep").click()
    expect(page.toast()).to_contain_text("Triage referral, IR 2264 stays with you")
    expect(page.page.locator(".toast")).to_have_count(1)
    assert page.asked("/keep") == [f"/api/worklist/items/{page.id_of('IR 2264')}/keep"]
    page.page.clock.fast_forward(56 * 60_000)
    door.now += timedelta(minutes=56)
    door.beat()
    expect(page.toast()).to_contain_text("Still working on Triage referral, IR 2264?")


def test_what_another_tab_kept_is_not_asked_about_any_more(screen, door):
    ours = an_item(door, "IR 2264")
    door.rows[ours] |= {"goes_back_at": stamp(door.now + timedelta(minutes=4))}
    page = screen().ready()
    expect(page.toast()).to_contain_text("It goes back to the queue at 10:46")
    door.change(ours, goes_back_at=door.time(60))
    page.page.clock.fast_forward(1000)
    expect(page.page.locator(".toast")).to_have_count(0)


def test_rows_of_one_patient_are_told_apart_by_eye_and_ear(screen, door):
    for number, discipline in enumerate(("physiotherapy", "psychology")):
        row = another(number, item_type="BOOK_VISIT", detail="session", about=discipline)
        door.put(row | {"patient_id": door.rows[an_item(door, "EV 2815")]["patient_id"]})
    page = screen().ready()
    shown = page.page.locator(".row", has_text="Book visit")
    expect(shown.locator(".detail")).to_have_text(["Session, Physiotherapy", "Session, Psychology"])
    names = [each.get_attribute("aria-label") for each in shown.locator(".main").all()]
    assert "Session, Physiotherapy" in names[0] and "Session, Psychology" in names[1]


def test_what_is_on_hold_says_why_and_until_when(screen):
    page = screen().ready()
    expect(page.card("SV 2093", "hold")).to_contain_text("Waits for others")
    expect(page.card("SV 2093", "hold")).to_contain_text("Back Wed 25 Nov")
    page.card("SV 2093", "hold").click()
    expect(page.page.locator("aside.item dl")).to_contain_text("Waits for others, Back Wed 25 Nov")


def test_what_was_searched_stands_in_the_address_and_the_way_back_leads_out(screen):
    page = screen().ready()
    page.page.locator(".find input").press_sequentially("triage")
    expect(page.row("YN 4406")).to_be_visible()
    expect(page.row("FC 1290")).to_have_count(0)
    assert page.page.url.endswith("/board/nursing?find=triage")
    page.link("YN 4406").click()
    expect(page.page.locator("aside.item h2")).to_have_text("Triage referral")
    assert page.page.url.endswith("?find=triage")
    page.page.reload()
    page.ready()
    expect(page.page.locator(".find input")).to_have_value("triage")
    expect(page.row("FC 1290")).to_have_count(0)
    page.page.go_back()
    expect(page.page.locator("aside.item")).to_have_count(0)
    expect(page.row("FC 1290")).to_have_count(0)
    page.page.go_back()
    expect(page.page.locator(".find input")).to_have_value("")
    expect(page.row("FC 1290")).to_be_visible()


def an_item(door, label):
    return next(row["item_id"] for row in door.rows.values() if door.labels.get(row["patient_id"]) == label)
