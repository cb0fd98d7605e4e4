"""What people do at the board, in a real browser: sign in, open a queue and an item, claim it, fill in a form, send it.

Everything is found as a person finds it: by the words on the screen.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Locator, Page, async_playwright

from cli.people import members
from cli.stack.tools import chromium
from tests.support.journeys.play import Play
from tests.support.local_clinic import LocalClinic

PATIENCE_MS = 60_000
"""The machine may have other work: waiting longer costs nothing where all is well."""
ITEM, ROW = '[data-item][data-id="{}"]', 'a[data-row="{}"]'
CHANGED = re.compile("^Show changes|^Show \\d+ change")
Said = Mapping[str, Any]
"""By the field's label: a text, what is picked, yes or no; a list of ticks or of rows; the fields of a part."""


class Hands:
    """One browser, and a window of it for each person, signed in at their first act. `script` runs before each page's
    own."""

    def __init__(self, browser: Browser, board: str, clinic: LocalClinic, script: str = "") -> None:
        self._browser, self.board, self._clinic, self._script = browser, board, clinic, script
        self._pages: dict[str, Page] = {}
        self.wrong: list[str] = []

    async def page(self, login: str) -> Page:
        if login not in self._pages:
            self._pages[login] = await self._signed_in(login)
        return self._pages[login]

    async def _signed_in(self, login: str) -> Page:
        """On the provider's own page."""
        page = await self.new_page()
        await page.goto(f"{self.board}/board")
        [name] = [member.name for member in members() if member.login == login]
        await page.get_by_role("button", name=name).click()
        await page.get_by_role("button", name=f"Settings, {name}").wait_for()
        return page

    async def new_page(self) -> Page:
        """Of a browser in which nobody is signed in."""
        context = await self._browser.new_context(viewport={"width": 1366, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(self._script)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}\n{error.stack}"))
        return page

    async def open_item(self, play: Play, login: str, item_type: str, **about: Any) -> Page:
        """The latest of its type, in its queue, which stays open from one item to the next."""
        opened = await play.last("worklist.item_opened", item_type=item_type, **about)
        page = await self.page(login)
        await self._go(page, f"/board/{opened.fact['queue']}")
        item, row = (page.locator(each.format(opened.subject)) for each in (ITEM, ROW))
        if not await item.count():
            if await page.locator("[data-item]").count():
                await page.keyboard.press("Escape")
            await self.up_to_date(page, row)
            await row.press("Enter")
        await item.locator(".work").wait_for()
        return page

    async def _go(self, page: Page, path: str) -> None:
        """Stay there, if that is where the window is."""
        if not urlsplit(page.url).path.startswith(path):
            await page.goto(f"{self.board}{path}")

    async def up_to_date(self, page: Page, wanted: Locator) -> None:
        """The screen says that something changed, and shows it when it is told to."""
        changes = page.get_by_role("button", name=CHANGED)
        await wanted.or_(changes).first.wait_for()
        if not await wanted.count():
            await changes.press("Enter")
            await wanted.wait_for()

    async def take(self, play: Play, login: str, item_type: str, **about: Any) -> Page:
        """Open it and claim it, if it is not theirs already."""
        page = await self.open_item(play, login, item_type, **about)
        claim, release = (
            page.locator("[data-item]").get_by_role("button", name=each) for each in ("Claim", "Release")
        )
        await claim.or_(release).wait_for()
        if await claim.count():
            await claim.click()
            await release.wait_for()
            await self._clinic.acted()
        return page

    async def open_patient(self, play: Play, login: str, section: str) -> Page:
        """The patient's page, at one of its sections."""
        page = await self.page(login)
        patient = (await play.last("referral.patient_registered")).subject
        await self._go(page, f"/board/patients/{patient}")
        await page.locator(f'a[href="#{section}"]').click()
        return page

    async def do(self, where: Locator | Page, command: str, said: Said | None = None) -> None:
        """Choose a command, fill in its form, send it; what it changed spreads through the clinic. One that is grey
        asks again what is possible by now."""
        commands = where.locator('.commands[aria-busy="false"]')
        button = commands.get_by_role("button", name=command, exact=True)
        if await button.get_attribute("aria-disabled") == "true":
            await button.press("Enter")
        await button.click()
        form = where.get_by_role("form", name=command, exact=True)
        await form.wait_for()
        await fill(where.locator(".command"), said or {})
        await form.get_by_role("button", name=command, exact=True).click()
        sent, problem = where.locator(".sent"), form.locator(".problem, .fault")
        await sent.or_(problem).first.wait_for()
        assert not await problem.count(), f"{command}: {await problem.all_inner_texts()}"
        await self._clinic.acted()


async def fill(where: Locator, said: Said) -> None:
    for label, value in said.items():
        await put(where, label, value)


async def put(where: Locator, label: str, value: Any) -> None:
    """One field. A group is found first: its fields may be named like it."""
    name = re.compile(rf"^{re.escape(label)}( ?\*| needed)*$")
    legend = where.page.locator(":scope > legend").filter(has_text=name)
    group = where.locator("fieldset").filter(has=legend).first
    if isinstance(value, Mapping):
        await fill(group, value)
    elif isinstance(value, list):
        await put_list(where, group, label, value)
    elif isinstance(value, bool):
        await where.get_by_label(name).first.set_checked(value)
    elif await group.count():
        await group.get_by_label(value, exact=True).first.check()
    else:
        await write(where.get_by_label(name).first, value)


async def put_list(where: Locator, group: Locator, label: str, values: Sequence[Any]) -> None:
    """Ticks, or rows; ticks of a day that is looked for first."""
    rows = group.locator(":scope > .one")
    for number, value in enumerate(values):
        if isinstance(value, tuple):
            day, value = value
            await where.get_by_label(f"{label} from", exact=True).fill(day)
        if not isinstance(value, Mapping):
            await group.get_by_label(value, exact=True).check()
            continue
        if await rows.count() <= number:
            await group.get_by_role("button", name=f"Add to {label}", exact=True).click()
        await fill(rows.nth(number), value)


async def write(control: Locator, value: str) -> None:
    if await control.evaluate("(each) => each.tagName") == "SELECT":
        await control.select_option(label=value)
    else:
        await control.fill(value)


@asynccontextmanager
async def hands_at(board: str, clinic: LocalClinic, script: str = "") -> AsyncIterator[Hands]:
    """Nothing may go wrong in a page that nobody asked for."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        hands = Hands(browser, board, clinic, script)
        yield hands
        await browser.close()
        assert hands.wrong == []
