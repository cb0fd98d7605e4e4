"""The line is cut, answers 502, goes silent, sleeps, comes back: no gap, no double, and old data says so."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.scenes import ASHA, JO, NOW, another

STREAM = "/api/worklist/stream"


def line(page):
    return page.page.locator(".line-state")


def changed(door, page):
    """Something is new, something ended, something moved."""
    door.put(another(1, group="today", rank=-5))
    door.end(page.id_of("EV 2815"))
    door.change(page.id_of("YN 4406"), level=1)


def test_after_a_cut_nothing_is_missing_and_nothing_twice(screen, door):
    page = screen().ready()
    door.cut()
    changed(door, page)
    page.page.clock.fast_forward(2_000)
    page.shows()
    expect(line(page)).to_have_text("Live")
    assert door.opened == 2


def test_a_restarted_server_gives_everything_anew(screen, door):
    page = screen().ready()
    door.restart()
    changed(door, page)
    page.page.clock.fast_forward(2_000)
    page.shows()


def test_after_an_answer_that_is_no_stream_it_is_tried_again(screen, door):
    page = screen().ready()
    door.stream_status = 502
    door.cut()
    expect(line(page)).to_have_text("Reconnecting")
    changed(door, page)
    page.page.clock.fast_forward(3_000)
    door.stream_status = 200
    page.page.clock.fast_forward(20_000)
    expect(line(page)).to_have_text("Live")
    page.shows()


def test_a_line_that_is_open_and_silent_is_rebuilt(screen, door):
    page = screen().ready()
    door.deaf = True
    changed(door, page)
    door.deaf = False
    page.page.clock.fast_forward(26_000)
    expect(line(page)).to_have_text("Live")
    page.shows()


def test_without_a_line_for_a_minute_it_says_since_when_and_takes_no_commands(screen, door):
    page = screen().ready()
    door.stream_status = 502
    door.cut()
    page.page.clock.fast_forward(61_000)
    expect(line(page)).to_have_text("No connection since 10:42. This may be out of date")
    expect(page.page.locator(".row .claim:visible")).to_have_count(0)
    assert "dashed" in page.page.locator(".list").evaluate("each => getComputedStyle(each).borderStyle")
    assert page.row("YN 4406").evaluate("each => getComputedStyle(each).filter") == "grayscale(1)"
    assert page.row("RN 2207").evaluate("each => getComputedStyle(each).filter") == "none"
    door.stream_status = 200
    page.page.evaluate("dispatchEvent(new Event('online'))")
    expect(line(page)).to_have_text("Live")
    expect(page.row("YN 4406").locator(".claim")).to_be_visible()


def hidden(page, value):
    page.page.evaluate(
        """value => { Object.defineProperty(document, 'hidden', {value, configurable: true});
        document.dispatchEvent(new Event('visibilitychange')); }""",
        value,
    )


def test_a_tab_nobody_looks_at_gives_its_line_back_and_catches_up_when_looked_at(screen, door):
    page = screen().ready()
    hidden(page, True)
    page.page.clock.fast_forward(62_000)
    changed(door, page)
    page.page.clock.fast_forward(3_600_000)
    assert door.opened == 1
    hidden(page, False)
    page.shows()
    expect(line(page)).to_have_text("Live")
    assert door.opened == 2


def test_a_clock_ten_minutes_wrong_changes_no_time(screen, door):
    page = screen(now=NOW + timedelta(minutes=10)).ready()
    expect(page.row("RN 2207")).to_contain_text("18 min left")
    expect(page.page.locator(".side time")).to_have_text("10:42")
    door.now += timedelta(minutes=2)
    door.beat()
    expect(page.page.locator(".side time")).to_have_text("10:44")


def test_times_are_written_anew_as_time_passes(screen, door):
    page = screen().ready()
    page.page.clock.fast_forward(121_000)
    expect(page.row("RN 2207")).to_contain_text("16 min left")


def test_new_assets_are_offered_and_a_wall_takes_them(screen, door):
    page = screen().ready()
    door.beat(assets="y")
    expect(page.toast()).to_contain_text("A new version is here")
    wall = screen("/board?wall=1").ready()
    with wall.page.expect_navigation():
        door.beat(assets="z")


def test_of_two_claims_one_wins_and_the_other_reads_who_and_when(screen, door):
    door.colleagues["asha"] = JO | {"id": ASHA, "name": "Asha Kumar"}
    mine, hers = screen().ready(), screen(staff="asha").ready()
    door.deaf = True  # the two presses cross: neither has seen the other's
    hers.row("YN 4406").locator(".claim").click()
    expect(hers.card("YN 4406")).to_be_visible()
    door.now += timedelta(seconds=4)
    mine.page.clock.fast_forward(4_000)
    mine.row("YN 4406").locator(".claim").click()
    expect(mine.toast()).to_contain_text("Asha Kumar claimed this")
    expect(mine.toast()).to_contain_text("ago. Nothing changed.")
    expect(mine.page.locator("[role=alert]")).to_contain_text("Asha Kumar claimed this")
    mine.toast().get_by_text("Show").click()
    expect(mine.page.locator("aside.item")).to_contain_text("Asha Kumar")


def test_a_claim_is_seen_in_another_browser(screen, door):
    door.colleagues["asha"] = JO | {"id": ASHA, "name": "Asha Kumar"}
    mine, hers = screen().ready(), screen(staff="asha").ready()
    mine.row("YN 4406").locator(".claim").click()
    expect(hers.card("YN 4406", "others")).to_contain_text("Jo Park", timeout=1000)


TAGGED = "text => document.querySelector('.row.today .tag.late')?.textContent === text"


def thread_seconds(session):
    """What drawing has cost the page's thread, in its own time: others use the machine too."""
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]


def test_of_two_thousand_items_a_change_is_painted_within_fifty_milliseconds(door, browser, address):
    for number in range(2000):
        row = another(number)
        door.rows[row["item_id"]] = row
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address + "/board/nursing")
    page.wait_for_function("() => document.querySelectorAll('.row').length === 2012")
    first = page.locator(".row.today").first.get_attribute("data-id")
    took = []
    for number in range(9):
        before = thread_seconds(session)
        door.change(first, level=number % 2 + 1)
        page.wait_for_function(TAGGED, arg="Escalated twice" if number % 2 else "Escalated")
        took.append(thread_seconds(session) - before)
    page.close()
    assert sorted(took)[len(took) // 2] <= 0.05, took


def test_when_the_session_has_ended_it_says_so_and_keeps_everything(screen, door):
    page = screen().ready()
    door.fails["/api/"] = (401, {"title": "Who are you?"})
    page.link("YN 4406").focus()
    page.press("h")
    page.page.locator("dialog select").select_option("waits_for_others")
    page.page.locator("dialog input").fill("2026-11-30")
    page.page.locator("dialog .primary").click()
    expect(page.page.locator(".toasts")).to_contain_text("You are signed out")
    expect(page.page.locator(".toasts")).to_contain_text("Nothing changed")
    door.fails.clear()
    page.page.get_by_text("Try again").click()
    expect(page.card("YN 4406", "hold")).to_contain_text("Back Mon 30 Nov")


def test_nonsense_from_a_service_spoils_nothing_else(screen, door):
    door.fails["/api/referral"] = (502, b"<html>Bad gateway</html>")
    door.fails["/api/worklist/queues"] = (200, b"nonsense")
    page = screen().ready()
    expect(page.row("YN 4406")).to_contain_text("#20408")
    door.put(another(1, group="today", rank=-5))
    page.shows()
