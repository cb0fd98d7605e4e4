"""What a person sees and does on a page of the board, in their words."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_door import FakeDoor

ORDER = """() => Object.fromEntries([...document.querySelectorAll('.list .group')].map(group =>
  [group.classList[1], [...group.querySelectorAll('.row')].map(row => row.dataset.id)]))"""


class Screen:
    """A page and the door that it looks at."""

    def __init__(self, page: Page, door: FakeDoor) -> None:
        self.page, self.door = page, door

    def id_of(self, label: str, queue: str = "nursing") -> str:
        """Of the first item of the patient with this label."""
        return next(
            row["item_id"]
            for row in self.door.rows.values()
            if row["queue"] == queue and self.door.labels.get(row["patient_id"]) == label
        )

    def row(self, label: str) -> Locator:
        return self.page.locator(f'.list .row[data-id="{self.id_of(label)}"]')

    def by_id(self, item_id: str) -> Locator:
        return self.page.locator(f'.list .row[data-id="{item_id}"]')

    def link(self, label: str) -> Locator:
        return self.row(label).locator(".main")

    def card(self, label: str, section: str = "yours") -> Locator:
        return self.page.locator(f'aside .{section} [data-id="{self.id_of(label)}"]')

    def ready(self) -> "Screen":
        """The list stands, and labels came."""
        expect(self.page.locator(".row, .line, .empty").first).to_be_visible()
        expect(self.page.locator(".line-state")).to_have_text("Live")
        return self

    def order(self) -> dict[str, list[str]]:
        """The ids of each group, as they stand."""
        found: dict[str, list[str]] = self.page.evaluate(ORDER)
        return found

    def shows(self, queue: str = "nursing") -> None:
        """The list becomes what the server has."""
        groups = ("safety", "act_first", "overdue", "today", "later")
        waiting = [
            row
            for row in self.door.rows.values()
            if row["queue"] == queue and row["status"] == "waiting" and "resume_on" not in row
        ]
        want = {
            group: [
                row["item_id"]
                for row in sorted(waiting, key=lambda row: row["order"])
                if row["group"] == group
            ]
            for group in groups
        }
        want = {group: ids for group, ids in want.items() if ids}
        self.page.wait_for_function(
            f"want => JSON.stringify(({ORDER})()) === JSON.stringify(want)", arg=want, polling=20
        )

    def still(self) -> None:
        """Its time stands from now on, and goes on in `passes` alone: nothing depends on how fast the machine is."""
        self.page.clock.pause_at(self.page.evaluate("() => Date.now()") / 1000 + 2)

    def passes(self, seconds: float) -> None:
        self.page.clock.run_for(round(seconds * 1000))

    def hears(self) -> None:
        """All that the door told is here, and drawn."""
        self.page.wait_for_function("told => Number(seen.cursor) >= told", arg=self.door.cursor, polling=20)
        self.passes(0.05)

    def toast(self) -> Locator:
        return self.page.locator(".toast").last

    def changes(self) -> Locator:
        return self.page.locator(".changes")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def settled(self) -> None:
        """Long enough after a move for a click to count."""
        self.page.clock.fast_forward(400)

    def hover(self, label: str) -> None:
        """The hand is over the list, and just moved."""
        box = self.row(label).bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 300, box["y"] + 9)
        self.page.mouse.move(box["x"] + 301, box["y"] + 10)

    def asked(self, path: str) -> list[str]:
        """Addresses that the page asked for, which contain this."""
        return [each[1] for each in self.door.asked if path in each[1]]
