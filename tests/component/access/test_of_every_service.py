"""Who may do what with the routes that every service has: parked records, who read what, writings."""

import pytest

from backbone.http import accesses, accounting, actions, contents, operations
from backbone.ids import ROOT, derive
from config.staff import CLINICIANS
from services.care_plan.service import SERVICE
from tests.support.access import EVERYBODY, OUTSIDE, READERS, Row, SilentStore, differences
from tests.support.feed import PATIENT
from tests.support.ward import Ward

OFFICERS = frozenset({"privacy_officer", "medical_director", "service_manager"})
OPERATIONS = Row(frozenset({"operations"}))
IN_MEMORY = tuple(each for each in operations.ROUTES if each.handler is not operations.verify)
ROUTES = (*IN_MEMORY, *accesses.ROUTES, *accounting.ROUTES, *actions.ROUTES, *contents.ROUTES)
"""What only PostgreSQL answers is asked there: tests/integration/http, tests/integration/relay."""
NOTHING_WAITS = Row(frozenset(), frozenset({"operations"}))
"""Whoever may is told that nothing is parked there."""


@pytest.mark.wide
async def test_every_route_answers_each_kind_of_caller_as_the_table_says() -> None:
    ward = await Ward(SilentStore()).open()
    await ward.plan()
    opened = await ward.asks(f"/patients/{PATIENT}/break-glass", reason="She is unconscious.")
    await ward.asks("/consultations", appointment_id=derive(ROOT, "visit 1"), kind="initial")
    [ref, *_] = (await ward.reads(f"/patients/{PATIENT}/contents")).json()["contents"]
    path = {"patient_id": PATIENT, "glass_id": opened["glass_id"], "ref": ref["ref"], "key": PATIENT}
    rows = {
        name: row._replace(path={"day": "2027-02-25", "place": "1", **path}) for name, row in ROWS.items()
    }
    found = await differences(ward.clinic, SERVICE, rows, PATIENT, routes=ROUTES)
    assert not found, "\n".join(found)


ROWS = {
    **dict.fromkeys(("list_parked_keys", "retry_parked_key"), OPERATIONS),
    **dict.fromkeys(("show_parked_key", "skip_parked_record"), NOTHING_WAITS),
    "get_access_chain": OPERATIONS,
    "list_actions": Row(EVERYBODY),
    "list_accesses": Row(OFFICERS),
    "break_glass": Row(CLINICIANS, body={"reason": "She is unconscious."}),
    "get_broken_glass": Row(OFFICERS),
    "get_broken_glass_actions": Row(OFFICERS),
    "review_broken_glass": Row(OFFICERS, body={"finding": "justified"}),
    "list_disclosures": Row(OFFICERS | {"the patient"}, OUTSIDE - {"the patient"}),
    "list_contents": Row(READERS | OFFICERS | {"the patient"}, OUTSIDE - {"the patient"}),
    "get_content": Row(CLINICIANS | {"the patient"}, OUTSIDE - {"the patient"}),
}
