"""Every request of the services as a form: it draws, sends its example as it was, and shows each of its errors."""

import jsonschema
import pytest
from playwright.sync_api import Browser, expect

from board.documents import for_forms
from schemas.glossary import bodies as examples
from tests.browser.faults import faulty
from tests.browser.forms_page import FormsPage, nobody
from tests.browser.frames import frame
from tests.contract.services import bodies, committed

DOCUMENTS = {name: for_forms(document) for name, document in committed().items()}
SCHEMAS = {name: bodies(document) for name, document in committed().items()}
WITH_BODY = [(service, operation) for service, schemas in SCHEMAS.items() for operation in sorted(schemas)]


@pytest.fixture(scope="module")
def forms(browser: Browser) -> FormsPage:
    page = FormsPage(browser.new_page(), frame(), nobody, {})
    page.page.evaluate("(all) => { window.documents = all; }", DOCUMENTS)
    return page


DRAWN = """
async ([service, name, value]) => {
  const {operations, schemas} = documents[service];
  draw({...operations[name], id: name}, schemas, value);
  await next();
  const form = document.querySelector('form');
  const nameless = [...form.querySelectorAll('input, select, textarea')].filter((each) => !each.labels.length).length;
  form.requestSubmit();
  await next();
  return {sent: [...sent], nameless};
}"""


def test_every_request_draws_and_sends_its_example_as_it_was(forms: FormsPage) -> None:
    asked = [(service, name, examples(service)[name]) for service, name in WITH_BODY]
    told = forms.page.evaluate(
        f"""async (asked) => {{
          const drawn = {DRAWN}, told = [];
          for (const each of asked) told.push(await drawn(each));
          return told;
        }}""",
        asked,
    )
    wrong = [
        (service, name, each)
        for (service, name, example), each in zip(asked, told, strict=True)
        if each != {"sent": [example], "nameless": 0}
    ]
    assert wrong == []
    assert forms.wrong == []


def test_what_was_found_is_chosen_and_stands_nowhere_beforehand(forms: FormsPage) -> None:
    forms.page.evaluate(DRAWN, ["scheduling", "record_evidence", {}])
    met = forms.page.get_by_role("group", name="Met")
    expect(met.get_by_role("radio")).to_have_count(2)
    expect(met.locator(":checked")).to_have_count(0)
    assert forms.page.evaluate("sent") == []
    met.get_by_label("No").check()
    forms.page.get_by_role("button", name="Send").click()
    assert forms.page.evaluate("sent") == [{"met": False}]


def test_codes_without_a_list_are_written_in_plain_words(forms: FormsPage) -> None:
    example = examples("referral")["redirect_referral"]
    typed = example | {"to_service": " Spinal  surgery, second opinion"}
    told = forms.page.evaluate(DRAWN, ["referral", "redirect_referral", typed])
    assert told["sent"] == [example | {"to_service": "spinal_surgery_second_opinion"}]


def test_every_request_shows_each_of_its_errors_where_it_is(forms: FormsPage) -> None:
    """Nothing is sent, and beside the field stands what is wrong. What several requests have is tried in one."""
    found = [
        *{
            fault.kind(): (service, name, fault.what, fault.pointer, fault.body)
            for service, name in WITH_BODY
            for fault in faulty(SCHEMAS[service][name], examples(service)[name])
        }.values()
    ]
    silent = forms.page.evaluate(
        f"""async (found) => {{
          const drawn = {DRAWN}, silent = [];
          for (const [service, name, what, pointer, value] of found) {{
            const {{sent}} = await drawn([service, name, value]);
            const beside = (at) => document.getElementById(`f${{at.replaceAll('/', '-')}}-fault`)?.innerText;
            const shown = beside(pointer) || beside(pointer.replace(/\\/\\d+$/, ''));
            if (sent.length || !shown) silent.push([service, name, what, pointer, sent]);
          }}
          return silent;
        }}""",
        found,
    )
    assert silent == []
    kinds = {
        "missing",
        "too long",
        "wrong form",
        "no such code",
        "too much",
        "too little",
        "too few",
        "too many",
    }
    assert {what for _, _, what, _, _ in found} == kinds


def test_what_a_fault_is_made_of_is_refused_by_the_schema() -> None:
    fitting = [
        (service, name, fault)
        for service, name in WITH_BODY
        for fault in faulty(SCHEMAS[service][name], examples(service)[name])
        if jsonschema.Draft202012Validator(SCHEMAS[service][name]).is_valid(fault.body)
    ]
    assert fitting == []
