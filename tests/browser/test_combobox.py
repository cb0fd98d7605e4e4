"""A code is found by typing, with keys or by pointing, and one that is in no list is typed as it is."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.forms_page import FormsPage, nobody
from tests.browser.frames import frame
from tests.browser.test_forms import DOCUMENTS

WIDESPREAD = "Chronic widespread pain, MG30.01"
ENTRIES = [
    {"code": "MG30.01", "words": WIDESPREAD, "beside": {"system": "ICD-11"}},
    {"code": "MG30.0", "words": "Chronic primary pain, MG30.0", "beside": {"system": "ICD-11"}},
]
DRAW = """async ([operations, schemas]) => {
  const find = async (typed) => {
    const answer = await fetch(`/board/codes/diagnoses.json?find=${typed}`);
    return (await answer.json()).entries.map(({code, words, beside}) => ({value: code, text: words, beside}));
  };
  draw({...operations.complete_consultation, id: 'complete_consultation'}, schemas,
    {diagnoses: [{}], checklist: {}, outcome: 'MDT_PROGRAMME'}, {},
    (path) => (path.filter((each) => typeof each === 'string').join('.') === 'diagnoses.code' ? {search: find} : null));
  await next();
}"""


@pytest.fixture(scope="module")
def shown(browser: Browser) -> FormsPage:
    found = FormsPage(
        browser.new_page(), frame(), nobody, {"/board/codes/diagnoses.json": {"entries": ENTRIES}}
    )
    found.page.set_default_timeout(5000)
    return found


@pytest.fixture
def page(shown: FormsPage) -> Page:
    document = DOCUMENTS["care_plan"]
    shown.page.evaluate(DRAW, [document["operations"], document["schemas"]])
    return shown.page


def sent(page: Page) -> Any:
    page.get_by_role("button", name="Send").click()
    return page.evaluate("sent.at(-1)?.diagnoses")


def test_with_keys_alone_and_the_code_says_its_system(page: Page) -> None:
    code = page.get_by_role("combobox", name="Code")
    code.focus()
    page.keyboard.type("wide")
    expect(code).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text(["To choose from: 2"])
    page.keyboard.press("ArrowDown")
    option = page.get_by_role("option", name=WIDESPREAD)
    expect(option).to_have_attribute("aria-selected", "true")
    expect(code).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(code).to_have_attribute("aria-expanded", "false")
    expect(code).to_have_value(WIDESPREAD)
    assert sent(page) == [{"system": "ICD-11", "code": "MG30.01"}]


def test_escape_closes_the_list_and_nothing_else(page: Page) -> None:
    listed = page.get_by_role("listbox", name="Code").get_by_role("option")
    code = page.get_by_role("combobox", name="Code")
    code.focus()
    page.keyboard.press("ArrowDown")
    expect(listed).to_have_count(2)
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(code).to_be_focused()
    assert page.evaluate("shut") is False
    page.keyboard.press("Escape")
    assert page.evaluate("shut") is True, "the form"


def test_by_pointing_the_focus_stays(page: Page) -> None:
    code = page.get_by_role("combobox", name="Code")
    code.fill("wide")
    page.get_by_role("option", name=WIDESPREAD).click()
    expect(code).to_have_value(WIDESPREAD)
    expect(code).to_be_focused()


def test_a_code_that_is_in_no_list_is_typed(page: Page) -> None:
    page.get_by_role("radio", name="ICD-10-CM", exact=True).check()
    page.get_by_role("combobox", name="Code").fill("F11.20")
    assert sent(page) == [{"system": "ICD-10-CM", "code": "F11.20"}]


def test_what_is_neither_a_code_nor_of_the_list_is_said_to_be_wrong(page: Page) -> None:
    page.get_by_role("radio", name="ICD-11", exact=True).check()
    page.get_by_role("combobox", name="Code").fill("back pain")
    assert sent(page) is None
    expect(page.get_by_role("combobox", name="Code")).to_have_attribute("aria-invalid", "true")
