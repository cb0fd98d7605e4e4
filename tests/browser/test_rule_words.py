"""No page shows the id of a rule as its text: words stand there, and the id for who looks it up."""

import re

from playwright.sync_api import expect

from board.words import words
from tests.browser.scenes import another

RULES = list(words()["rules"])
RULE_ID = re.compile(rf"\b(?:{'|'.join(map(re.escape, RULES))})\b|[\w.-]+@\d")


def test_whichever_rule_nobody_verified_it_has_words_beside_the_item(screen, door):
    row = another(7, unverified=[{"rule": f"{rule}@1"} for rule in [*RULES, "payer.of_this_clinic"]])
    door.put(row)
    page = screen().ready()
    page.by_id(row["item_id"]).locator(".main").click()
    panel = page.page.locator("aside.item")
    expect(panel).to_contain_text("Table of drugs")
    expect(panel).to_contain_text("A rule of the clinic")
    assert RULE_ID.findall(panel.inner_text()) == []
    for rule in RULES:
        expect(panel.get_by_title(f"{rule}@1", exact=True)).to_have_text(words()["rules"][rule])
