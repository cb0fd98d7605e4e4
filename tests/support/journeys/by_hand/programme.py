"""By hand: from the referral to the pharmacist's call, by the titles of the lines."""

from collections.abc import Mapping
from typing import Any

from tests.support.journeys.by_hand.hands import Hands
from tests.support.journeys.by_hand.people import CORA, INES, NAMES, NORA, PAUL, ROSA, Act, shown, words
from tests.support.journeys.play import Play
from tests.support.journeys.programme import (
    ACTIVITIES,
    GOALS,
    JOINT_DAY,
    OWNERS,
    PREPARING,
    SERIES,
    requested,
)
from tests.support.journeys.referral_to_letter import CHECKLIST

MEETING = "Thu 25 Feb, 13:00"
PRESENT = [NAMES[each] for each in ("paul.okafor", "fay.dunn", "priya.nair", "cora.lind")]
TITLES = {"baseline_level": "Baseline level", "target_on": "Target on", "every_days": "Days between sessions"}
CODES = {"cbt_cp": "CBT for chronic pain", "physiotherapy": "Physiotherapy", "psychology": "Psychology"}
CODES |= {"occupational_therapy": "Occupational therapy", "pharmacy": "Pharmacy"}
SLOTS = [
    "Tue 16 Feb, 09:00, Paul Okafor, Physician, Harbor Street",
    "Thu 18 Feb, 09:00, Paul Okafor, Physician, Harbor Street",
]


async def consent(hands: Hands, play: Play) -> None:
    for channel in ("text message", "portal"):
        page = await hands.open_patient(play, CORA, "referral")
        said = {"Channel": channel, "Purpose": "care", "Agreed": "Yes"}
        await hands.do(page.locator("#do"), "Record consent to contact", said)


async def ask_for_both_fields(hands: Hands, play: Play) -> None:
    page = await hands.take(play, CORA, "REF_COMPLETE")
    await hands.do(page, "Ask referrer for details")


async def triage(hands: Hands, play: Play) -> None:
    page = await hands.take(play, NORA, "REF_TRIAGE")
    said = {"Category": "Category 2", "Comment": "Fits category 2.", "Accept": True}
    await hands.do(page, "Triage", said)


async def offers(hands: Hands, play: Play) -> None:
    page = await hands.take(play, CORA, "BOOK_VISIT")
    await hands.do(page, "Offer dates", {"Times from": "2027-02-16", "Times": SLOTS, "Mode": "phone"})


async def takes(hands: Hands, play: Play) -> None:
    page = await hands.open_item(play, CORA, "BOOK_VISIT")
    await hands.do(page, "Take offered date", {"Start": "Tue 16 Feb, 09:00, Paul Okafor, Physician"})


async def arrive(hands: Hands, play: Play) -> None:
    page = await hands.open_patient(play, INES, "visits")
    visits = page.locator("#visits")
    await visits.get_by_role("button", name="Choose").first.click()
    await hands.do(visits, "Record arrival")


async def begin(hands: Hands, play: Play) -> None:
    page = await hands.open_item(play, PAUL, "VISIT_READY")
    await hands.do(page, "Start consultation", {"Kind": "initial"})


async def complete(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "VISIT_READY")
    said = {
        "Outcome": "team programme",
        "Diagnoses": [{"System": "ICD-11", "Code": "MG30.02"}],
        "Checklist": {item.replace("_", " ").capitalize(): {"Answer": "looked at"} for item in CHECKLIST},
    }
    await hands.do(page, "Complete consultation", said)


async def sign_letter(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "LETTER_SIGN")
    said = {"Audience": ["referrer", "general practitioner", "patient"], "Text": "Dear colleague"}
    await hands.do(page, "Sign letter", said)


def row(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A goal or an activity of the script, as its form shows it."""
    return {TITLES.get(name, words(name)): said(name, value) for name, value in entry.items()}


def said(name: str, value: Any) -> Any:
    if isinstance(value, bool) or name in ("text", "target_on"):
        return value
    return CODES.get(value, words(value).lower()) if isinstance(value, str) else str(value)


async def draft_and_look(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "PLAN_DRAFT")
    activities = [{"priority": "routine", **each} for each in ACTIVITIES]
    plan = {
        "Goals": [row(each) for each in GOALS],
        "Work of each discipline": [row(each) for each in activities],
    }
    await hands.do(page, "Draft plan", plan)
    page = await hands.take(play, PAUL, "PSY_SUGGEST")
    said = {"Finding": "catastrophising high", "Decision": "psychology ordered"}
    await hands.do(page, "Record review of score", said)


async def list_case(hands: Hands, play: Play) -> None:
    page = await hands.take(play, CORA, "MDT_LIST")
    await hands.do(page, "Schedule meeting", {"Start": "2027-02-25T13:00", "Location": "Harbor Street"})
    preparing = {"Meeting": MEETING, "Who prepares": [words(each) for each in PREPARING]}
    await hands.do(page, "List for meeting", preparing)


async def meet(hands: Hands, play: Play) -> None:
    page = await hands.open_item(play, PAUL, "MDT_PREP", queue="medical")
    await hands.do(page, "Open meeting", {"Meeting": MEETING})
    actions = [
        {"Text": "Activate the plan", "Queue": "Medical", "Due on": "2027-02-26", "Kind": "activate plan"},
        {
            "Text": "Book the assessment day",
            "Queue": "Coordination",
            "Due on": "2027-03-01",
            "Kind": "book joint day",
        },
    ]
    decided = {
        "Meeting": MEETING,
        "Decision": "programme",
        "Who was there": PRESENT,
        "Summary": "A programme of three disciplines.",
        "Actions": [{"Priority": "routine", **each} for each in actions],
    }
    await hands.do(page, "Record decision", decided)
    await hands.do(page, "Close meeting", {"Meeting": MEETING})


async def activate(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "MDT_ACTION", queue="medical")
    await hands.do(page, "Activate plan", {"Patient agreement": "Yes"})


async def accept(hands: Hands, play: Play) -> None:
    for discipline, owner in OWNERS.items():
        page = await hands.take(play, owner, "ACT_ACCEPT", queue=discipline)
        await hands.do(page, "Accept work")


async def book_joint_day(hands: Hands, play: Play) -> None:
    for discipline in JOINT_DAY:
        request = await requested(play, discipline, "assessment")
        await hands.take(play, CORA, "BOOK_VISIT", subject_id=request)
    page = await hands.take(play, CORA, "MDT_ACTION", queue="coordination")
    legs = [
        {
            "Visit to book": f"assessment, {words(discipline).lower()}",
            "Times from": when[:10],
            "Time": f"{shown(when)}, {NAMES[OWNERS[discipline]]}, Harbor Street",
        }
        for discipline, when in JOINT_DAY.items()
    ]
    await hands.do(page, "Plan joint day", {"Mode": "phone", "Legs": legs})


async def book_the_rest(hands: Hands, play: Play) -> None:
    """Each date is looked for from its own day on."""
    for discipline, starts in SERIES.items():
        request = await requested(play, discipline, "session")
        page = await hands.take(play, CORA, "BOOK_VISIT", subject_id=request)
        times = [
            (start[:10], f"{shown(start)}, {NAMES[OWNERS[discipline]]}, Harbor Street") for start in starts
        ]
        await hands.do(page, "Book visit", {"Times": times, "Short notice accepted": True})


async def call(hands: Hands, play: Play) -> None:
    page = await hands.open_patient(play, ROSA, "plan")
    part = page.locator("#plan tr").filter(has_text="Pharmacy")
    await part.get_by_role("button", name="Choose").click()
    done = {"Visit": "Wed 3 Mar, 10:00, booked", "Last session": True}
    await hands.do(part, "Record session", done)


PROGRAMME: Mapping[str, Act] = {
    "the patient consents to SMS and portal": consent,
    "the coordinator asks for both fields at once": ask_for_both_fields,
    "the triage nurse decides: Category 2, accept": triage,
    "the coordinator phones and offers 02-16 and 02-18": offers,
    "the patient takes 02-16": takes,
    "the patient arrives": arrive,
    "the physician starts": begin,
    "the physician completes: MDT_PROGRAMME": complete,
    "the physician signs the letter": sign_letter,
    "the physician drafts the plan and looks at the PCS finding": draft_and_look,
    "the coordinator plans the meeting and lists the case": list_case,
    "the MDT decides": meet,
    "the physician activates the plan": activate,
    "four disciplines accept": accept,
    "the coordinator phones: the joint day": book_joint_day,
    "the coordinator books the rest": book_the_rest,
    "the pharmacist's call": call,
}
