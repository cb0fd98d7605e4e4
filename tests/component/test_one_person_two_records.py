"""Two records of the registry that are one person's: what is about the person holds for both, from the merge to its
undoing, whichever came first (EVT-03, PRV-31)."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.fact import Fact
from schemas.referral.v1.patient import MergeUndone, PatientsMerged
from tests.support.dates import OTHERS, OTHERS_REFERRAL, DatesClinic
from tests.support.effort import explored
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.front_desk import COORDINATOR, REGISTRAR, SHOULDER, Desk
from tests.support.submissions import a_patient
from tests.support.ward import EXERCISE, HERS, LEAVING, OTHER_PATIENT, OTHER_REFERRAL, THEIRS, Ward

OF_HER: dict[str, Any] = HERS
STAFF = derive(ROOT, "a registrar")


def merged(surviving: str, other: str) -> Fact:
    return PatientsMerged(surviving_id=surviving, merged_id=other)


def undone(surviving: str, other: str) -> Fact:
    return MergeUndone(surviving_id=surviving, restored_id=other, decided_by=STAFF)


async def both(feed: Feed, fact: Fact, *patients: str) -> None:
    """As the registry tells it: under both keys."""
    for patient in patients:
        await feed.tell(fact, patient=patient, referral=None, aggregate=patient)


def raised(alert: str, code: Any = "suicide_risk") -> Fact:
    return SafetyAlertRaised(
        alert_id=alert,
        code=code,
        severity="same_day",
        rule="OUT-01",
        subject_id=derive(ROOT, "answers"),
        queue="psychology",
    )


async def ready_to_leave(ward: Ward, **whose: Any) -> str:
    return await ward.comes_to_discharge((await ward.plan(**whose))["plan_id"])


@pytest.mark.parametrize("alert_first", [True, False])
async def test_an_alert_under_one_record_hinders_the_discharge_of_the_other(alert_first: bool) -> None:
    ward = await Ward().open()
    away = await ready_to_leave(ward, **THEIRS)
    alert = derive(ROOT, "her alert")
    about = {"patient": PATIENT, "referral": REFERRAL, "aggregate": alert}
    if alert_first:
        await ward.feed.tell(raised(alert), **about)
    await both(ward.feed, merged(PATIENT, OTHER_PATIENT), PATIENT, OTHER_PATIENT)
    if not alert_first:
        await ward.feed.tell(raised(alert), **about)
    assert await ward.refuses(away, **LEAVING) == "open-safety-alert"
    await both(ward.feed, undone(PATIENT, OTHER_PATIENT), PATIENT, OTHER_PATIENT)
    await ward.asks(away, **LEAVING)


@pytest.mark.parametrize("alert_first", [True, False])
async def test_an_alert_under_one_record_makes_plans_of_the_other_high_risk(alert_first: bool) -> None:
    ward = await Ward().open()
    alert = derive(ROOT, "his alert")
    about = {"patient": OTHER_PATIENT, "referral": OTHER_REFERRAL, "aggregate": alert}
    if alert_first:
        await ward.feed.tell(raised(alert), **about)
    await both(ward.feed, merged(PATIENT, OTHER_PATIENT), PATIENT, OTHER_PATIENT)
    if not alert_first:
        await ward.feed.tell(raised(alert), **about)
    await ward.plan(**OF_HER)
    assert ward.last("plan_activated").fact["high_risk"] is True
    await both(ward.feed, undone(PATIENT, OTHER_PATIENT), PATIENT, OTHER_PATIENT)
    await ward.plan(**OF_HER, activities=[{**EXERCISE, "again": True}])
    assert ward.last("plan_activated").fact["high_risk"] is False


@pytest.mark.parametrize("alert_first", [True, False])
async def test_a_running_plan_is_looked_at_sooner_from_the_merge_on(alert_first: bool) -> None:
    """MDT-01: a risk that begins between two reviews, under whichever record, shortens the interval."""
    ward = await Ward().open()
    await ward.plan(**OF_HER)
    await ward.clinic.at("2027-04-20 09:00")
    alert = derive(ROOT, "his alert")
    about = {"patient": OTHER_PATIENT, "referral": OTHER_REFERRAL, "aggregate": alert}
    if alert_first:
        await ward.feed.tell(raised(alert), **about)
    await both(ward.feed, merged(PATIENT, OTHER_PATIENT), PATIENT, OTHER_PATIENT)
    if not alert_first:
        await ward.feed.tell(raised(alert), **about)
    await ward.clinic.at("2027-04-21 09:00")
    assert ward.last("mdt_case_requested").fact["reason"] == "MDT-01"


@pytest.mark.parametrize("alert_first", [True, False])
@pytest.mark.parametrize("apart", [False, True])
async def test_an_alert_under_one_record_exempts_a_missed_visit_under_the_other(
    alert_first: bool, apart: bool
) -> None:
    clinic = DatesClinic()
    await clinic.refer()
    visit = await clinic.book(await clinic.ask_for("physiotherapy"), "fay.dunn", "2027-03-25 09:00")
    alert, feed = derive(ROOT, "his alert"), Feed(clinic.system)
    about = {"patient": OTHERS, "referral": OTHERS_REFERRAL, "aggregate": alert}
    if alert_first:
        await feed.tell(raised(alert), **about)
    await both(feed, merged(PATIENT, OTHERS), PATIENT, OTHERS)
    if not alert_first:
        await feed.tell(raised(alert), **about)
    if apart:
        await both(feed, undone(PATIENT, OTHERS), PATIENT, OTHERS)
    await clinic.at("2027-03-25 10:00")
    await clinic.post(f"/appointments/{visit}/did-not-attend", reason="UNKNOWN")
    [missed] = [fact for fact in clinic.facts() if fact.name == "patient_did_not_attend"]
    assert ("mental_health_crisis" in missed.fact["exemptions"]) is not apart


def story(patient: str, registry: int) -> st.SearchStrategy[list[Any]]:
    """What happens under one key, in order: alerts raised and closed, and what the registry says of it."""
    alerts = st.lists(st.sampled_from(("raised", "closed")), min_size=1, max_size=3)
    return alerts.flatmap(
        lambda said: st.permutations(["registry"] * registry + ["alert"] * len(said)).map(
            lambda order: told(patient, order, list(said))
        )
    )


def told(patient: str, order: list[str], said: list[str]) -> list[Any]:
    registry = [merged(PATIENT, OTHER_PATIENT), undone(PATIENT, OTHER_PATIENT)] * 2
    alert = derive(patient, "alert")
    of_alert = {"raised": raised(alert), "closed": SafetyAlertClosed(alert_id=alert, decided_by=STAFF)}
    return [
        (patient, patient, registry.pop(0)) if kind == "registry" else (patient, alert, of_alert[said.pop(0)])
        for kind in order
    ]


def is_open(facts: list[Any]) -> bool:
    last = [fact for _, _, fact in facts if isinstance(fact, SafetyAlertRaised | SafetyAlertClosed)][-1:]
    return bool(last) and isinstance(last[0], SafetyAlertRaised)


@explored(15)
@given(data=st.data(), registry=st.sampled_from((1, 3, 2, 0)))
def test_whatever_order_facts_of_two_records_arrive_in_the_union_holds_while_they_are_one(
    data: st.DataObject, registry: int
) -> None:
    """Within a key the order holds; between keys there is none. Told a second time, nothing changes."""
    hers, his = data.draw(story(PATIENT, registry)), data.draw(story(OTHER_PATIENT, registry))
    turns = data.draw(st.permutations([0] * len(hers) + [1] * len(his)))
    again = data.draw(st.booleans())
    asyncio.run(arrive(hers, his, turns, again=again, are_one=registry % 2 == 1))


async def arrive(hers: Any, his: Any, turns: Any, *, again: bool, are_one: bool) -> None:
    ward = await Ward().open()
    doors = [await ready_to_leave(ward, **HERS), await ready_to_leave(ward, **THEIRS)]
    own = [is_open(hers), is_open(his)]
    lanes = [iter(hers), iter(his)]
    for turn in turns:
        patient, aggregate, fact = next(lanes[turn])
        referral = None if aggregate == patient else HERS["referral_id"] if turn == 0 else OTHER_REFERRAL
        await ward.feed.tell(fact, patient=patient, referral=referral, aggregate=aggregate)
    if again:
        await ward.feed.replay()
    for door, hindered in zip(doors, [any(own)] * 2 if are_one else own, strict=True):
        answer = await ward.tries(door, **LEAVING)
        assert answer.status_code == (409 if hindered else 200), answer.text


ANOTHER = a_patient("P-3") | {"family_name": "Third", "contact": {"phone": "+1 212 555-0778"}}
OTHERWISE = a_patient("P-2") | {"family_name": "Else", "contact": {"phone": "+1 212 555-0777"}}


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def two_patients(desk: Desk) -> tuple[Any, Any]:
    """A referral of each; nothing makes them look alike."""
    return await desk.send(), await desk.send("R-2", patient=OTHERWISE, **SHOULDER)


async def merge(desk: Desk, surviving: Any, other: Any) -> None:
    await desk.do(f"/patients/{surviving['patient_id']}/merge", REGISTRAR, merged_id=other["patient_id"])


async def part(desk: Desk, surviving: Any, other: Any) -> None:
    path = f"/patients/{surviving['patient_id']}/merge-undo"
    await desk.do(path, REGISTRAR, restored_id=other["patient_id"])


async def test_a_new_referral_under_the_old_identifier_is_the_surviving_patients(desk: Desk) -> None:
    first, second = await two_patients(desk)
    await merge(desk, first, second)
    knee = {**SHOULDER, "pain_site_character": [{"site": "knee"}]}
    third = await desk.send("R-3", patient=OTHERWISE, **knee)
    assert third["patient_id"] == first["patient_id"]
    await part(desk, first, second)
    assert (await desk.read(f"/referrals/{third['id']}"))["patient_id"] == first["patient_id"]
    fourth = await desk.send("R-4", patient=OTHERWISE, **knee)
    assert fourth["patient_id"] == second["patient_id"]


@pytest.mark.parametrize("source_id", ["R-2", "R-3"])
async def test_what_a_sender_says_of_a_merged_person_can_be_taken_over(desk: Desk, source_id: str) -> None:
    """An amendment of what was sent before the merge, or a new referral: under either the person is found."""
    first, second = await two_patients(desk)
    await merge(desk, first, second)
    moved = OTHERWISE | {"contact": {"phone": "+1 212 555-0666"}}
    said = await desk.send(source_id, patient=moved, **SHOULDER)
    dismissal = {"other_referral_id": first["id"], "take_over": True}
    await desk.do(f"/referrals/{said['id']}/duplicate-dismissal", COORDINATOR, **dismissal)
    assert {desk.contacts()[each["patient_id"]]["phone"] for each in (first, second)} == {"+12125550666"}


async def test_a_patients_own_token_sees_both_records_while_they_are_one(desk: Desk) -> None:
    first, second = await two_patients(desk)
    paths = [f"/referrals/{each['id']}" for each in (first, second)]
    paths += [f"/patients/{each['patient_id']}/contact" for each in (first, second)]
    for token, patient in (("one", first), ("other", second)):
        desk.clinic.known_as(token, "patient", patient["patient_id"])

    async def seen(who: str) -> list[int]:
        return [(await desk.clinic.request("GET", "referral", path, who)).status_code for path in paths]

    apart = ([200, 404, 200, 404], [404, 200, 404, 200])
    assert (await seen("one"), await seen("other")) == apart
    await merge(desk, first, second)
    assert await seen("one") == await seen("other") == [200] * 4
    await part(desk, first, second)
    assert (await seen("one"), await seen("other")) == apart


async def test_messages_of_both_records_are_listed_under_either(desk: Desk) -> None:
    first, second = await two_patients(desk)
    await desk.accept(first)
    await desk.accept(second)
    paths = [f"/patients/{each['patient_id']}/messages" for each in (first, second)]

    async def listed(path: str) -> set[str]:
        shown = await desk.clinic.ask("GET", "notifications", path, COORDINATOR)
        return {each["id"] for each in shown["messages"]}

    hers, his = [await listed(path) for path in paths]
    assert hers and his and not hers & his
    await merge(desk, first, second)
    assert all([await listed(path) >= hers | his for path in paths])
    await part(desk, first, second)
    assert not await listed(paths[0]) & his


async def test_what_was_agreed_to_under_either_record_is_shown_under_both(desk: Desk) -> None:
    first, second = await two_patients(desk)
    ids = [each["patient_id"] for each in (first, second)]
    for patient, channel, agreed in ((ids[0], "sms", True), (ids[1], "sms", False), (ids[1], "email", True)):
        said = {"channel": channel, "given": agreed}
        await desk.clinic.ask(
            "POST", "notifications", f"/patients/{patient}/consents", COORDINATOR, json=said
        )

    async def listed(patient: str) -> list[tuple[str, str, str]]:
        path = f"/patients/{patient}/consents"
        shown = await desk.clinic.ask("GET", "notifications", path, COORDINATOR)
        return sorted((each["patient_id"], each["channel"], each["status"]) for each in shown["consents"])

    hers, his = await listed(ids[0]), await listed(ids[1])
    assert [each[1:] for each in hers] == [("sms", "given")]
    assert [each[1:] for each in his] == [("email", "given"), ("sms", "withdrawn")]
    await merge(desk, first, second)
    assert await listed(ids[0]) == await listed(ids[1]) == sorted(hers + his)
    await part(desk, first, second)
    assert (await listed(ids[0]), await listed(ids[1])) == (hers, his)


async def test_a_death_that_comes_with_a_merge_holds_for_what_was_merged_before(desk: Desk) -> None:
    first, second = await two_patients(desk)
    knee = {**SHOULDER, "pain_site_character": [{"site": "knee"}]}
    third = await desk.send("R-3", patient=ANOTHER, **knee)
    await merge(desk, first, third)
    await desk.do(f"/patients/{second['patient_id']}/death", REGISTRAR, source="registry")
    await merge(desk, first, second)
    for each in (first, second, third):
        assert (await desk.read(f"/patients/{each['patient_id']}"))["is_dead"]
