"""Two records of one person, and a warning under each: to merge them hides neither (ADR 19; worklist.md, Traps)."""

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.safety import SafetyAlertClosed
from tests.component.test_one_person_two_records import STAFF, desk, merge, part, raised, two_patients
from tests.support.feed import Feed
from tests.support.front_desk import Desk

__all__ = ["desk"]


async def test_two_warnings_of_one_code_stay_two_each_is_done_by_its_own_answer(desk: Desk) -> None:
    """ADR 19: to show one of them would hide an open warning until the other one is closed."""
    first, second = await two_patients(desk)
    feed, alerts = Feed(desk.clinic.system), [derive(ROOT, "hers"), derive(ROOT, "his")]
    for each, alert in zip((first, second), alerts, strict=True):
        about = {"patient": each["patient_id"], "referral": each["id"], "aggregate": alert}
        await feed.tell(raised(alert), **about)

    def shown() -> dict[str, str]:
        rows = [row for row in desk.rows() if row["item_type"] == "SAFETY_ALERT"]
        return {row["subject_id"]: row["patient_id"] for row in rows}

    ids = [each["patient_id"] for each in (first, second)]
    assert shown() == dict(zip(alerts, ids, strict=True))
    await merge(desk, first, second)
    assert shown() == dict.fromkeys(alerts, ids[0])
    closed = SafetyAlertClosed(alert_id=alerts[0], decided_by=STAFF)
    await feed.tell(closed, patient=ids[0], referral=first["id"], aggregate=alerts[0])
    assert shown() == {alerts[1]: ids[0]}
    await part(desk, first, second)
    assert shown() == {alerts[1]: ids[1]}
