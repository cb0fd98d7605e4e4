"""Every command of the table of work as its form: nothing that axe finds, every control named, what is wrong said where
the focus goes, Escape closes it and nothing else. Colours are those of all forms (`test_work.py`)."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from board.documents import for_forms
from board.lists import CODES, LISTS
from schemas.work import table
from tests.browser.forms_page import Answer, FormsPage
from tests.browser.frames import NORA, frame
from tests.contract.services import committed

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
SOMETHING = "22222222-1111-4111-8111-222222222222"
WORK = table()
COMMANDS = {
    json.dumps(each, sort_keys=True): each
    for each in (
        *(do for item in WORK["items"].values() for do in item["do"]),
        *(do for commands in WORK["day"].values() for do in commands),
    )
}
ACTIONS = {"actions": [{"action": each["action"], "allowed": True} for each in COMMANDS.values()]}
ENTRY = {
    "id": SOMETHING,
    "referral_id": SOMETHING,
    "flag_id": SOMETHING,
    "other_referral_id": SOMETHING,
    "offer_id": SOMETHING,
    "consultation_id": SOMETHING,
    "submission_id": SOMETHING,
    "subject_id": SOMETHING,
    "activity_id": SOMETHING,
    "procedure_id": SOMETHING,
    "key": "patient",
    "text": "Walk to the shop",
    "status": "open",
    "start": "2027-01-20T14:00:00Z",
    "clinician_id": NORA,
    "date": {"start": "2027-01-20T14:00:00Z"},
    "wish": {"purpose": "assessment", "discipline": "psychology"},
    "matter": {
        "purpose": "session",
        "activity_id": SOMETHING,
        "procedure_id": SOMETHING,
        "booking_request_id": SOMETHING,
    },
    "course": {"order": {"discipline": "psychology", "kind": "cbt"}},
    "choices": [{"start": "2027-01-20T14:00:00Z", "clinician_id": NORA}],
    "outstanding": ["peg", "phq9"],
}
LISTED = (
    "slots booking_requests appointments consultations referrals goals activities meetings suspicions unclear_flags "
    "entries keys dead_letters"
)
THING = {**ENTRY, **{name: [ENTRY, ENTRY | {"id": NORA}] for name in LISTED.split()}}
PUBLISHED = {
    **{f"/board/openapi/{name}.json": for_forms(each) for name, each in committed().items()},
    **{
        f"/board/lists/{name}.json": {"entries": [{"code": code, "words": code} for code in ("one", "two")]}
        for name in LISTS
    },
    **{f"/board/codes/{name}.json": {"entries": []} for name in CODES},
}
CHECKED = """async ([commands, known]) => {
  const wrong = [];
  const until = async (found) => {
    for (let turn = 0; turn < 250 && !found(); turn += 1) await next();
    return found();
  };
  const focused = () => document.activeElement;
  let note = () => {};
  const axed = async (state) => {
    if (!document.querySelector('form')) return note(`${state}: no form`, document.querySelector('#app').innerText);
    const {violations} = await axe.run('form', {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], rules: {'color-contrast': {enabled: false}},
      resultTypes: ['violations'],
    });
    for (const each of violations) note(`${state}: ${each.id}`, each.nodes[0].html);
  };
  for (const command of commands) {
    if (wrong.length > 20) return wrong;
    note = (...what) => wrong.push([command.operation, ...what]);
    draw_commands([command], known);
    const button = await until(() => document.querySelector('[data-operation]'));
    const settled = await until(() => button.closest('.commands').ariaBusy === 'false');
    if (!settled) note('it asks what is possible for ever');
    button.focus();
    button.click();
    const form = await until(() => document.querySelector('form.command-form'));
    if (!form) { note('no form', document.querySelector('#app').innerText); continue; }
    const controls = [...form.querySelectorAll('input, select, textarea, button')];
    controls.filter((each) => each.tabIndex !== 0).forEach((each) => note('out of reach', each.outerHTML));
    controls.filter((each) => !each.labels?.length && !each.ariaLabel && !each.innerText)
      .forEach((each) => note('nameless', each.outerHTML));
    await axed('open');
    form.querySelector('.primary').focus();
    form.requestSubmit();
    await until(() => document.querySelector('.sent, .fault, .problem'));
    if (document.querySelector('.sent')) {
      if (focused() !== document.querySelector('.sent')) note('focus is lost when it is sent', focused().outerHTML);
      continue;
    }
    await until(() => focused().closest('.wrong, .problem'));
    if (!focused().closest('.wrong, .problem')) note('focus is not at what is wrong', focused().outerHTML);
    const described = [...form.querySelectorAll('[aria-describedby]')];
    const said = new Set(described.flatMap((each) => each.getAttribute('aria-describedby').split(' ')));
    [...form.querySelectorAll('.fault[id]')].filter((each) => !said.has(each.id))
      .forEach((each) => note('a fault of nothing', each.outerHTML));
    await axed('wrong');
    window.heard = 0;
    focused().dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true}));
    await until(() => !document.querySelector('form'));
    if (document.querySelector('form')) note('Escape does not close it');
    else if (focused() !== button) note('focus does not go back', focused().outerHTML);
    if (window.heard) note('Escape closes more than the form');
  }
  return wrong;
}"""


def everything(method: str, path: str, body: Any) -> Answer:
    """A clinic that has one of each thing, and lets everybody do everything."""
    return 200, ACTIONS if path.endswith("/actions") else THING


def test_every_form_can_be_used_by_everybody(browser: Browser) -> None:
    known = dict.fromkeys(("subject_id", "patient_id", "referral_id", "item_id"), SOMETHING)
    forms = FormsPage(browser.new_page(), frame(work=WORK), everything, PUBLISHED)
    forms.page.evaluate(AXE)
    forms.page.evaluate("document.addEventListener('keydown', () => { window.heard += 1; })")
    wrong = forms.page.evaluate(CHECKED, [list(COMMANDS.values()), known])
    assert len(COMMANDS) > 100
    assert wrong == [], json.dumps(wrong, indent=1)
    assert forms.wrong == []
