"""A person without a mouse: Tab, arrows and letters, and what has the focus meanwhile."""

import re

from playwright.async_api import Page

FOCUSED = """() => {
  const element = document.activeElement;
  const named = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '';
  return named.replace(/\\s+/g, ' ').trim();
}"""
ROW = "() => document.activeElement.closest('[data-list] [data-row]')?.dataset.row ?? ''"
MOST = 200
"""Steps from one end of a page to the other."""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def to(self, name: str) -> None:
        """Tab until what has the focus is called as this pattern has it. Raises AssertionError where nothing is."""
        passed = []
        for _ in range(MOST):
            focused = await self.page.evaluate(FOCUSED)
            if re.match(name, focused):
                return
            passed.append(focused)
            await self.press("Tab")
        raise AssertionError(f"{name!r} can't be reached: {list(dict.fromkeys(passed))}")

    async def to_row(self, item_id: str) -> None:
        """Into the list, then down from row to row, and up where it was not below."""
        row, keys = await self.page.evaluate(ROW), ["j", "k"]
        for _ in range(MOST):
            if row == item_id:
                return
            await self.press(keys[0] if row else "Tab")
            before, row = row, await self.page.evaluate(ROW)
            if row and row == before:
                keys.reverse()
        raise AssertionError(f"the row of {item_id} can't be reached")
