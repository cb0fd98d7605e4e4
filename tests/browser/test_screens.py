"""Walls, phones, much enlarged pages, other colours: the same board."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.scenes import NOW, another, at, stamp

NOT_WIDER = "() => document.documentElement.scrollWidth <= innerWidth"
FITS = """() => [document.documentElement, ...document.querySelectorAll('.tile')]
  .map(each => each.scrollHeight <= each.clientHeight + 1)"""
NEEDS = """each => {
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.font = getComputedStyle(each).font;
  return canvas.measureText(each.placeholder).width - each.clientWidth;
}"""
"""Pixels that the placeholder lacks."""
HEAD_SIZE = "() => parseFloat(getComputedStyle(document.querySelector('.tile h2')).fontSize)"
SMALL = """() => [...document.querySelectorAll('.row .claim, .tabs button')]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 44).length"""


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (3840, 2160)])
def test_a_wall_never_scrolls_and_grows_with_its_screen(screen, door, width, height):
    for number in range(40):
        row = another(number, group="act_first")
        door.rows[row["item_id"]] = row
    page = screen("/board?wall=1", width=width, height=height).ready()
    assert all(page.page.evaluate(FITS))
    assert page.page.evaluate(HEAD_SIZE) == pytest.approx(22 * width / 1920, abs=0.1)
    expect(page.page.locator(".wall button")).to_have_count(0)


def test_a_wall_has_three_places_for_safety_and_says_how_many_more(screen, door):
    for number in range(3):
        door.put(another(number, group="safety"))
    page = screen("/board?wall=1").ready()
    expect(page.page.locator(".alarm")).to_have_count(3)
    expect(page.page.locator(".alarm").last).to_have_text("and 4 more")
    expect(page.page.locator(".wall")).not_to_contain_text("Opioid")


def test_a_wall_without_safety_items_keeps_the_place(screen, door):
    for row in list(door.rows.values()):
        if row["group"] == "safety":
            door.rows.pop(row["item_id"])
    page = screen("/board?wall=1&queues=nursing,medical").ready()
    expect(page.page.locator(".band")).to_have_text("No open safety items")
    expect(page.page.locator(".tile")).to_have_count(2)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("10:42:30", ["<1", "min left"]),
        ("11:00:00", ["18", "min left"]),
        ("13:59:00", ["3", "h left"]),
        ("+1 17:00:00", ["30", "h left"]),
        ("+3 17:00:00", ["3", "d left"]),
        ("10:00:00", ["42", "min late"]),
        ("-2 10:00:00", ["2", "d late"]),
    ],
)
def test_a_safety_item_has_one_great_figure_whenever_it_is_due(screen, door, due, said):
    hour, _, seconds = due.rpartition(":")
    when = stamp(at(hour) + timedelta(seconds=int(seconds)))
    alone(door, another(1, group="safety", ack_due_at=when))
    page = screen("/board?wall=1", now=NOW).ready()
    expect(page.page.locator(".alarm .left b")).to_have_text(said[0])
    expect(page.page.locator(".alarm .left")).to_have_text("".join(said))


def test_a_queue_whose_only_work_is_in_the_band_does_not_say_that_nothing_waits(screen, door):
    alone(door, another(1, group="safety"))
    page = screen("/board?wall=1&queues=nursing,medical").ready()
    expect(page.page.locator(".tile .empty")).to_have_text(["Only safety", "Nothing waiting"])
    expect(page.page.locator(".tile footer").first).not_to_contain_text("more")


def alone(door, row):
    door.rows.clear()
    door.rows[row["item_id"]] = row


def test_a_phone_has_a_tab_for_each_pile(screen):
    page = screen(width=390, height=844, has_touch=True).ready()
    expect(page.page.locator("kbd").locator("visible=true")).to_have_count(0)
    assert page.page.evaluate(NOT_WIDER)
    for name, section in (("Yours", "yours"), ("Others", "others"), ("On hold", "hold")):
        page.page.locator(".tabs").get_by_text(name).click()
        expect(page.page.locator(f"aside .{section}")).to_be_visible()
        expect(page.page.locator(".list")).to_be_hidden()
    page.page.locator(".tabs").get_by_text("Waiting").click()
    assert page.page.evaluate(SMALL) == 0


@pytest.mark.parametrize("path", ["/board/nursing", "/board"])
def test_at_four_hundred_percent_nothing_is_cut_off(screen, path):
    page = screen(path, width=320, height=256).ready()
    assert page.page.evaluate(NOT_WIDER)


def test_with_the_systems_own_colours_every_state_keeps_a_shape(screen):
    page = screen(forced_colors="active", reduced_motion="reduce").ready()
    assert page.row("RN 2207").evaluate("each => getComputedStyle(each).borderTopStyle") == "solid"
    assert page.row("KD 1874").evaluate("each => getComputedStyle(each, '::before').width") == "3px"
    assert page.row("KD 1874").evaluate("each => getComputedStyle(each).transitionDuration") == "0s"


def test_the_theme_follows_the_system_until_somebody_says_otherwise(screen):
    page = screen(color_scheme="dark").ready()
    colour = "() => getComputedStyle(document.documentElement).backgroundColor"
    assert page.page.evaluate(colour) == "rgb(14, 19, 24)"
    page.page.locator("[data-do=settings]").click()
    page.page.get_by_label("Theme").select_option("light")
    assert page.page.evaluate(colour) == "rgb(244, 246, 248)"


def test_no_word_of_the_bar_is_cut(screen):
    page = screen().ready()
    assert page.page.locator(".find input").evaluate(NEEDS) <= 0
