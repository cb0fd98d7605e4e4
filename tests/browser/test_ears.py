"""What a shift sounds like: every announcement, in order, as the written transcript has it; and what axe says."""

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.scenes import ASHA, JO, another

TRANSCRIPT = Path(__file__).parent / "transcript.txt"
LISTEN = """() => {
  window.heardAll = [];
  for (const region of document.querySelectorAll('[role=status], [role=alert]')) {
    const hear = () => region.textContent
      && heardAll.push([Date.now(), `${region.getAttribute('role')}: ${region.textContent}`]);
    new MutationObserver(hear).observe(region, {childList: true, characterData: true, subtree: true});
  }
}"""


def said(page):
    return page.page.evaluate("() => heardAll")


def test_a_shift_sounds_as_the_transcript_has_it(screen, door):
    page = screen().ready()
    page.still()
    page.page.evaluate(LISTEN)

    def passes_after(happens):
        happens()
        page.hears()
        page.passes(6)

    passes_after(lambda: door.put(another(1, group="today")))
    passes_after(lambda: door.put(*(another(number, group="later") for number in range(2, 12))))
    door.put(another(20, group="safety"))
    page.hears()
    passes_after(lambda: door.change(another(20, group="safety")["item_id"], level=1))
    door.change(page.id_of("YN 4406"), overdue=True)
    passes_after(lambda: door.change(page.id_of("FC 1290"), overdue=True))
    door.fails["/api/worklist/items"] = (500, {"title": "A mistake of ours", "detail": "Sorry."})
    page.page.clock.resume()
    page.row("MK 4821").locator(".claim").click()
    expect(page.page.locator("[role=alert]")).to_contain_text("That didn't work")
    page.passes(6)
    heard = said(page)
    assert [text for _, text in heard] == TRANSCRIPT.read_text().splitlines()
    for at, _ in heard:
        assert sum(at <= other < at + 60_000 for other, _ in heard) <= 12
    polite = [at for at, text in heard if text.startswith("status")]
    assert all(later - earlier >= 5000 for earlier, later in pairwise(polite))


def test_each_safety_item_is_announced_once_however_often_the_line_is_cut(screen, door):
    page = screen().ready()
    page.page.evaluate(LISTEN)
    door.put(another(1, group="safety"))
    expect(page.page.locator("[role=alert]")).to_contain_text("New safety item")
    door.restart()
    page.page.clock.fast_forward(2000)
    page.hears()
    expect(page.page.locator(".line-state")).to_have_text("Live")
    assert len(said(page)) == 1


@pytest.mark.parametrize(("level", "texts"), [("safety", 1), ("none", 0)])
def test_how_much_is_announced_can_be_chosen(screen, door, level, texts):
    page = screen().ready()
    page.page.evaluate(LISTEN)
    page.page.locator("[data-do=settings]").click()
    page.page.get_by_label("Announcements").select_option(level)
    page.press("Escape")
    door.put(another(1, group="later"), another(2, group="safety"))
    page.hears()
    page.passes(12)
    assert len(said(page)) == texts


def a_dialog(page):
    page.link("FC 1290").focus()
    page.press("h")
    expect(page.page.locator("dialog")).to_be_visible()


def lost(page):
    page.door.stream_status = 502
    page.door.cut()
    page.page.clock.fast_forward(61_000)
    expect(page.page.locator(".line-state")).to_contain_text("No connection")


def taken(page):
    page.still()
    page.hover("YN 4406")
    page.door.change(page.id_of("YN 4406"), status="claimed", claimed_by=ASHA, claimed_at=page.door.time())
    page.door.put(another(1, group="safety"))
    page.hears()
    expect(page.row("YN 4406")).to_contain_text("Asha Kumar claimed this")
    page.page.clock.resume()


def opened(page):
    page.link("PS 0952").click()
    expect(page.page.locator("aside.item .history li")).to_have_count(7)


def toast(page):
    """The hand rests there for a while: a click right after a row has moved is not meant for it."""
    page.hover("MK 4821")
    page.page.clock.fast_forward(2_000)
    page.row("MK 4821").locator(".claim").click()
    expect(page.toast()).to_be_visible()


def settings(page):
    page.page.locator("[data-do=settings]").click()
    expect(page.page.locator("dialog")).to_be_visible()


def as_it_is(page):
    assert page.door.staff == JO


LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in ((1366, 768), (390, 844))]
PAGES = [
    ("/board/nursing", (as_it_is, taken, toast, lost)),
    ("/board/nursing", (opened, a_dialog)),
    ("/board/nursing", (settings,)),
    ("/board", (as_it_is, lost)),
    ("/board/social_work", (as_it_is,)),
    ("/board?wall=1", (as_it_is, lost)),
    ("/board/nursing?who=mine&due=week", (as_it_is,)),
]


@pytest.mark.parametrize(("path", "states"), PAGES)
def test_axe_finds_nothing_on_any_page_in_any_state_theme_and_width(screen, axe, path, states):
    page = screen(path).ready()
    found = {}
    for state in states:
        state(page)
        for scheme, (width, height) in LOOKS:
            page.page.emulate_media(color_scheme=scheme)
            page.page.set_viewport_size({"width": width, "height": height})
            if wrong := axe(page.page):
                found[state.__name__, scheme, width] = wrong
        page.page.set_viewport_size({"width": 1366, "height": 768})
    assert found == {}
