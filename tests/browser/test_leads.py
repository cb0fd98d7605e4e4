"""What leads may do with an item, beside what everybody may."""

from playwright.sync_api import expect

from schemas.work import table


def test_who_leads_raises_an_item_or_says_how_urgent_it_is_and_nobody_else_is_offered_it(screen, door):
    door.work = table()
    page = screen().ready()
    page.link("YN 4406").click()
    expect(page.page.get_by_role("button", name="Triage", exact=True)).to_be_visible()
    expect(page.page.get_by_role("button", name="Change priority")).to_have_count(0)
    door.can = [*door.can, "escalate_by_lead", "reprioritise_by_lead"]
    leading = screen().ready()
    leading.link("YN 4406").click()
    for command in ("Escalate", "Change priority"):
        expect(leading.page.get_by_role("button", name=command)).to_be_visible()
