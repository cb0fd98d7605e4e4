"""HTTP routes of attendance cases. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import StaffOf
from backbone.http.calls import Calling
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE, AttendanceCase, ReviewAttendance
from services.scheduling.attendance_case.documents import Review

CASES = Resource(ATTENDANCE_CASE)
Case = Annotated[Snapshot[AttendanceCase], StaffOf(ATTENDANCE_CASE, "case_id")]


async def get_attendance_case_actions(call: Calling, case: Case) -> Response:
    """Whether it waits for a decision, and by whom."""
    return CASES.actions(call, case)


async def review_attendance(call: Calling, case: Case, body: Review) -> Response:
    """A clinician decides what follows from a missed visit."""
    return await CASES.give(call, case, like(ReviewAttendance, body, patient_id=case.lane_key))


ROUTES: tuple[Route, ...] = (
    get("/attendance-cases/{case_id}/actions", get_attendance_case_actions, Actions, reads="visit"),
    post("/attendance-cases/{case_id}/review", review_attendance, ATTENDANCE_CASE),
)
