"""The real stack and two people: what one does the other sees without a reload; and a shift without a mouse."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from cli.people import members
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from tests.support.board_process import board_beside
from tests.support.journeys.by_hand.hands import PATIENCE_MS, Hands, hands_at
from tests.support.keyboard import Keyboard
from tests.support.local_clinic import LocalClinic, local_clinic
from tests.support.seen import NOTING, Shown, look
from tests.support.submissions import PRACTICE, a_submission, somebody

pytestmark = pytest.mark.long

NORA, TOMAS = "nora.quinn", "tomas.reyes"
NAMES = {member.login: member.name for member in members()}
USUAL_MS = 5_000


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A whole stack on a busy machine may take longer than pages alone."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=USUAL_MS)


@asynccontextmanager
async def a_ward(
    kafka: Kafka, postgres: Postgres, folder: Path
) -> AsyncIterator[tuple[Hands, LocalClinic, list[str]]]:
    """Three referrals wait for triage; their items, in the order of the queue."""
    async with local_clinic(kafka, postgres, folder, ("referral", "worklist"), "2027-01-11 09:00") as clinic:
        clinic.known_as("pcp", "referrer", PRACTICE)
        for number in range(3):
            sent = a_submission(f"R-{number}", patient=somebody(number))
            await clinic.ask("POST", "referral", "/referrals", "pcp", json=sent)
        items = [row["item_id"] for row in await rows_of(clinic)]
        async with hands_at(await board_beside(clinic, folder), clinic, NOTING) as hands:
            yield hands, clinic, items


async def rows_of(clinic: LocalClinic) -> list[dict[str, Any]]:
    return list((await clinic.ask("GET", "worklist", "/queues/nursing", NORA))["items"])


async def at_nursing(hands: Hands, login: str) -> Page:
    """Whoever reloads the page forgets that it is `kept`."""
    page = await hands.page(login)
    await page.goto(f"{hands.board}/board/nursing")
    await expect(page.locator(".list .row")).to_have_count(3)
    await page.evaluate("window.kept = true")
    return page


STILL = """() => new Promise((done) => {
  let timer = setTimeout(done, 400);
  const moved = () => { clearTimeout(timer); timer = setTimeout(done, 400); };
  new MutationObserver(moved).observe(document.getElementById('main'), {childList: true, subtree: true});
})"""


async def still(page: Page) -> None:
    """Nothing has moved for a moment: what is clicked sooner is not meant (`GUARD_MS` of hold.js)."""
    await page.evaluate(STILL)


def row(page: Page, item: str) -> Locator:
    return page.locator(f'.list .row[data-id="{item}"]')


def card(page: Page, section: str, item: str) -> Locator:
    return page.locator(f'aside .{section} [data-id="{item}"]')


async def test_what_one_person_does_the_other_sees_without_a_reload(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    async with a_ward(empty_kafka, postgres, playground / "two-browsers") as (hands, clinic, items):
        nora, tomas = await at_nursing(hands, NORA), await at_nursing(hands, TOMAS)
        first, second, third = items

        await row(nora, first).locator(".claim").click()
        await expect(card(nora, "yours", first)).to_be_visible()
        await expect(card(tomas, "others", first)).to_contain_text(NAMES[NORA])
        await expect(row(tomas, first)).to_have_count(0)

        await still(nora)
        await card(nora, "yours", first).get_by_role("button", name="Release").click()
        await expect(row(tomas, first)).to_be_visible()
        await expect(card(tomas, "others", first)).to_have_count(0)

        await still(tomas)
        await row(tomas, first).locator(".main").click()
        await tomas.locator("[data-item]").get_by_role("button", name="Claim").click()
        await expect(card(nora, "others", first)).to_contain_text(NAMES[TOMAS])
        said = {"Category": "Category 2", "Comment": "Fits category 2.", "Accept": True}
        await hands.do(tomas, "Triage", said)
        for page in (nora, tomas):
            await expect(page.locator(f'[data-list] [data-id="{first}"]')).to_have_count(0)
        await tomas.locator("[data-item] .close").click()

        await asyncio.gather(still(nora), still(tomas))
        claims = [row(page, second).locator(".claim").click() for page in (nora, tomas)]
        await asyncio.gather(*claims)
        await one_has_it(nora, tomas, second)
        await agree(clinic, nora, tomas, [second, third])


async def one_has_it(nora: Page, tomas: Page, item: str) -> None:
    """Of two who claim at once one wins. The other reads who, in the row's old place until they want to see changes."""
    lost = row(nora, item).get_by_text("claimed this")
    await expect(card(nora, "yours", item).or_(lost)).to_be_visible()
    winner, loser, name = (tomas, nora, NAMES[TOMAS]) if await lost.count() else (nora, tomas, NAMES[NORA])
    await expect(card(winner, "yours", item)).to_be_visible()
    await expect(row(loser, item)).to_contain_text(f"{name} claimed this")
    await loser.keyboard.press(".")
    await expect(card(loser, "others", item)).to_contain_text(name)


async def agree(clinic: LocalClinic, nora: Page, tomas: Page, items: list[str]) -> None:
    """Both show what the service has, and neither was loaded anew."""
    await clinic.acted()
    who = {None: ""} | {member.id: member.name for member in members()}
    wanted = {each["item_id"]: who[each.get("claimed_by")] for each in await rows_of(clinic)}
    assert sorted(wanted) == sorted(items)
    for page, name in ((nora, NAMES[NORA]), (tomas, NAMES[TOMAS])):
        assert {each.id: holder(each, name) for each in (await look(page)).rows} == wanted
        assert await page.evaluate("window.kept")


def holder(shown: Shown, me: str) -> str:
    return me if shown.section == "yours" else shown.said if shown.section == "others" else ""


async def test_a_shift_without_a_mouse(empty_kafka: Kafka, postgres: Postgres, playground: Path) -> None:
    async with a_ward(empty_kafka, postgres, playground / "keys-only") as (hands, clinic, items):
        page = await hands.new_page()
        keys, (first, second, third) = Keyboard(page), items
        await page.goto(f"{hands.board}/board")
        await keys.to(NAMES[NORA])
        await keys.press("Enter")
        await expect(page.locator(".line-state")).to_have_text("Live")
        await keys.press("]", "]")
        await expect(page.locator("h1")).to_have_text("Nursing")
        await expect(page.locator(".list .row")).to_have_count(3)

        await keys.to_row(second)
        await keys.press("c")
        await expect(card(page, "yours", second)).to_be_visible()
        await keys.press("z")
        await expect(row(page, second)).to_be_visible()
        await keys.to_row(second)
        await keys.press("c")
        await expect(card(page, "yours", second)).to_be_visible()
        await keys.to_row(second)
        await keys.press("r")
        await expect(row(page, second)).to_be_visible()

        await keys.to_row(first)
        await keys.press("Enter")
        await expect(page.locator("[data-item] .work")).to_be_visible()
        await triage(keys)
        await expect(page.locator(f'[data-list] [data-id="{first}"]')).to_have_count(0)
        await keys.press("Escape")
        await expect(page.locator("[data-item]")).to_have_count(0)
        await clinic.acted()
        left = {each["item_id"]: each["status"] for each in await rows_of(clinic)}
        assert left == dict.fromkeys((second, third), "waiting")


async def triage(keys: Keyboard) -> None:
    """The item that is open: claimed, its form found, filled in and sent."""
    await keys.press("c")
    await expect(keys.page.locator("[data-item]").get_by_role("button", name="Release")).to_be_visible()
    await keys.to("Triage$")
    await keys.press("Enter")
    await keys.to("Category")
    await keys.type("Category 2")
    await keys.to("Comment")
    await keys.type("Fits category 2.")
    await keys.to("Accept")
    await keys.press("Space")
    await keys.to("Triage$")
    await keys.press("Enter")
    await expect(keys.page.locator(".sent")).to_be_visible()
