"""A clinic with a referral that waits for its triage, as the services answer about it."""

from collections.abc import Mapping
from typing import Any

from board.documents import for_forms
from tests.browser.forms_page import Answer, FormsPage
from tests.browser.frames import NORA
from tests.contract.services import committed

REFERRAL, PATIENT = "22222222-1111-4111-8111-222222222222", "11111111-1111-4111-8111-111111111111"
TRIAGE = {
    "item_id": "33333333-1111-4111-8111-333333333333",
    "item_type": "REF_TRIAGE",
    "subject_id": REFERRAL,
    "referral_id": REFERRAL,
    "patient_id": PATIENT,
}
MAY = [
    {"action": "triage", "allowed": True},
    {"action": "request_information", "allowed": True},
    {"action": "complete_consultation", "allowed": True},
    {"action": "answer_measures", "allowed": True},
    {"action": "reject", "allowed": False, "roles": ["clinical_lead"]},
    {"action": "redirect", "allowed": False, "reason": "It is accepted already."},
]
WRONG = {
    "type": "urn:huddle:problem:invalid-request",
    "title": "The request is not valid",
    "status": 422,
    "detail": "2 field(s) are not valid; all are listed.",
    "errors": [
        {"pointer": "/category", "in": "body", "code": "x", "detail": "No category of the scheme"},
        {"pointer": "/comment", "in": "body", "code": "x", "detail": "Says nothing"},
    ],
}


MISSING: Answer = (404, {"title": "Not found", "detail": "There is no such thing."})


class Clinic:
    """A referral that waits for its triage; `next`: what the next change is answered."""

    def __init__(self) -> None:
        self.next: list[Answer] = []
        self.heard = True
        self.held: list[Mapping[str, str]] = []
        self.outstanding: list[str] = []
        self.begins: Mapping[str, list[Mapping[str, Any]]] = {}
        """What each service says of what may be begun at all."""

    def __call__(self, method: str, path: str, body: Any) -> Answer:
        if method == "POST":
            return self.next.pop(0) if self.next else (200, {})
        if path.endswith("/actions"):
            return self.may(path.removesuffix("/actions"))
        if path == f"referral/referrals/{REFERRAL}":
            return 200, {"id": REFERRAL, "version": 3}
        if path == f"care_plan/measure-requests/{REFERRAL}":
            return 200, {"id": REFERRAL, "version": 3, "outstanding": self.outstanding}
        if path == f"scheduling/appointments/{REQUEST}" and not self.heard:
            return 200, {}
        if path == f"care_plan/referrals/{REFERRAL}/consultations":
            return 200, {"consultations": self.held}
        return FREE.get(path, (404, {"title": "Not found", "detail": path}))

    def may(self, of: str) -> Answer:
        """Of a thing, or of a service."""
        if "/" in of:
            return 200, {"version": 3, "actions": MAY}
        return (200, {"actions": self.begins[of]}) if of in self.begins else MISSING


REQUEST = "44444444-1111-4111-8111-444444444444"
ANOTHER = "44444444-1111-4111-8111-555555555555"
FREE: Mapping[str, Answer] = {
    f"scheduling/booking-requests/{REQUEST}/slots": (
        200,
        {"slots": [{"clinician_id": NORA, "start": "2027-01-20T14:00:00Z", "location": "main"}]},
    ),
    f"scheduling/booking-requests/{REQUEST}/slots?from=2027-02-16T05%3A00%3A00Z": (
        200,
        {"slots": [{"clinician_id": NORA, "start": "2027-02-16T14:00:00Z", "location": "main"}]},
    ),
    f"scheduling/booking-requests/{ANOTHER}/slots": (
        200,
        {"slots": [{"clinician_id": NORA, "start": "2027-01-20T16:00:00Z", "location": "main"}]},
    ),
    f"scheduling/booking-requests?patient_id={PATIENT}&status=open": (
        200,
        {
            "booking_requests": [
                {"id": each, "referral_id": REFERRAL, "wish": {"purpose": "assessment", "discipline": of}}
                for each, of in ((REQUEST, "physiotherapy"), (ANOTHER, "psychology"))
            ]
        },
    ),
    f"scheduling/appointments/{REQUEST}": (200, {"consultation_id": REFERRAL}),
    f"care_plan/consultations/{REFERRAL}": (200, {"id": REFERRAL}),
}

DOCUMENTS = {f"/board/openapi/{name}.json": for_forms(each) for name, each in committed().items()}
LISTS = {
    "/board/lists/categories.json": {
        "entries": [{"code": "cat_1", "words": "Category 1"}, {"code": "cat_2", "words": "Category 2"}]
    },
    "/board/lists/consultation_checklist.json": {
        "entries": [{"code": "earlier_results", "words": "Earlier results"}]
    },
    "/board/lists/staff.json": {"entries": [{"code": NORA, "words": "Nora Quinn, Triage nurse"}]},
}


def opened(forms: FormsPage, item: Mapping[str, Any] = TRIAGE, operation: str = "triage") -> Any:
    forms.page.evaluate("(item) => work(item)", item)
    forms.page.locator(f'[data-operation="{operation}"]').click()
    forms.page.locator("form").wait_for()
    return forms.page


def changes(forms: FormsPage) -> list[Any]:
    return [each for each in forms.told if each[0] == "POST"]
