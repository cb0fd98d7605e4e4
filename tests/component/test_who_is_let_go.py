"""Nobody is let go for staying away while a warning about them is open (ATT-04, ATT-07)."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.safety import SafetyAlertClosed
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved
from tests.component.test_one_person_two_records import STAFF, both, merged, raised, undone
from tests.support.dates import OTHERS, OTHERS_REFERRAL, DatesClinic
from tests.support.feed import PATIENT, REFERRAL, Feed

ALERT = derive(ROOT, "an alert")
HIS: dict[str, Any] = {"patient": OTHERS, "referral": OTHERS_REFERRAL, "aggregate": ALERT}
DOCTOR = "paul.okafor"
UNHEARD = ("undelivered_message",)


@pytest.fixture
async def clinic() -> DatesClinic:
    """A visit was missed, and a clinician looks at it."""
    clinic = DatesClinic()
    await clinic.refer(OTHERS, OTHERS_REFERRAL)
    whose = {"patient": OTHERS, "referral": OTHERS_REFERRAL}
    visit = await clinic.book(await clinic.ask_for("physiotherapy", **whose), "fay.dunn", "2027-01-25 09:00")
    await clinic.at("2027-01-25 10:00")
    await clinic.post(f"/appointments/{visit}/did-not-attend", reason="UNKNOWN")
    clinic.path = f"/attendance-cases/{visit}/review"  # type: ignore[attr-defined]
    return clinic


async def lets_go(
    clinic: DatesClinic,
    decision: str = "discharge",
    despite: tuple[str, ...] = UNHEARD,
    who: str = DOCTOR,
) -> str:
    path: str = clinic.path  # type: ignore[attr-defined]
    body = {"decision": decision, "note": "did not come", "despite": despite}
    answer = await clinic.request("POST", "scheduling", path, who, json=body)
    return "done" if answer.is_success else str(answer.json()["type"].removeprefix("urn:huddle:problem:"))


@pytest.mark.parametrize("code", ["suicide_risk", "dna_high_risk", "post_procedure_warning"])
async def test_with_an_open_alert_a_review_lets_nobody_go(clinic: DatesClinic, code: str) -> None:
    feed = Feed(clinic.system)
    await feed.tell(raised(ALERT, code), **HIS)
    assert await lets_go(clinic) == "open-safety-alert"
    await feed.tell(SafetyAlertClosed(alert_id=ALERT, decided_by=STAFF), **HIS)
    await feed.tell(raised(ALERT, code), **HIS)
    await feed.replay()
    assert await lets_go(clinic) == "open-safety-alert", "raised again"
    await feed.tell(SafetyAlertClosed(alert_id=ALERT, decided_by=STAFF), **HIS)
    await feed.replay()
    assert await lets_go(clinic, despite=(*UNHEARD, "mental_health_crisis")) == "done"


@pytest.mark.parametrize(
    ("flag", "despite"),
    [("malignancy", UNHEARD), ("suicide_mental_health", (*UNHEARD, "mental_health_crisis"))],
)
async def test_with_an_open_red_flag_a_review_lets_nobody_go(
    clinic: DatesClinic, flag: Any, despite: tuple[str, ...]
) -> None:
    feed, whose = Feed(clinic.system), HIS | {"aggregate": OTHERS_REFERRAL}
    await feed.tell(RedFlagRaised(flag_id=ALERT, flag=flag, severity="urgent", source="amendment"), **whose)
    assert await lets_go(clinic) == "open-safety-alert"
    assessed = RedFlagResolved(flag_id=ALERT, flag=flag, result="assessed_continue", decided_by=STAFF)
    await feed.tell(assessed, **whose)
    await feed.replay()
    assert await lets_go(clinic, despite=despite) == "done"


async def test_a_coordinator_lets_nobody_go_for_a_visit_that_was_missed(clinic: DatesClinic) -> None:
    """The last variant of journey 3: the clinical review is missing, and a safety alert may be open."""
    before = len(clinic.facts())
    assert await lets_go(clinic, who="cora.lind") == "not-permitted"
    await Feed(clinic.system).tell(raised(ALERT, "dna_high_risk"), **HIS)
    assert await lets_go(clinic, who="cora.lind") == "not-permitted"
    assert not [each for each in clinic.facts()[before:] if each.name == "attendance_reviewed"]
    assert await lets_go(clinic) == "open-safety-alert", "nor does a clinician, as long as it is open"


async def test_everything_else_can_be_decided_meanwhile(clinic: DatesClinic) -> None:
    await Feed(clinic.system).tell(raised(ALERT, "dna_high_risk"), **HIS)
    assert await lets_go(clinic, "reoffer") == "done"


@pytest.mark.parametrize("apart", [False, True])
async def test_an_alert_under_another_record_of_the_person_counts(clinic: DatesClinic, apart: bool) -> None:
    feed = Feed(clinic.system)
    await both(feed, merged(PATIENT, OTHERS), PATIENT, OTHERS)
    hers = {"patient": PATIENT, "referral": REFERRAL, "aggregate": ALERT}
    await feed.tell(raised(ALERT, "dna_high_risk"), **hers)
    if apart:
        await both(feed, undone(PATIENT, OTHERS), PATIENT, OTHERS)
    assert await lets_go(clinic) == ("done" if apart else "open-safety-alert")


async def test_nobody_is_let_go_before_somebody_looked_at_what_speaks_for_them(clinic: DatesClinic) -> None:
    """No message reached them; and a warning was raised and closed on the day (SCH-06: it counts for thirty)."""
    feed = Feed(clinic.system)
    assert await lets_go(clinic, despite=()) == "exempt"
    await feed.tell(raised(ALERT, "suicide_risk"), **HIS)
    await feed.tell(SafetyAlertClosed(alert_id=ALERT, decided_by=STAFF), **HIS)
    assert await lets_go(clinic) == "exempt"
    assert await lets_go(clinic, despite=(*UNHEARD, "mental_health_crisis")) == "done"
    [said] = [each.fact for each in clinic.facts() if each.name == "attendance_reviewed"]
    assert said["despite"] == ["undelivered_message", "mental_health_crisis"]
