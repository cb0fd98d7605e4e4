"""What staff do in journey 1, by hand: by the title of its line. What is not here is done by the scripted journey."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from tests.support.journeys.hands import Hands
from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.referral_to_letter import CHECKLIST

CORA, NORA, PAUL, INES = "cora.lind", "nora.quinn", "paul.okafor", "ines.park"
SLOTS = ["Tue 16 Feb, 09:00, Paul Okafor, Physician, main", "Thu 18 Feb, 09:00, Paul Okafor, Physician, main"]


async def consent(hands: Hands, play: Play) -> None:
    for channel in ("text message", "portal"):
        page = await hands.open_patient(play, CORA)
        said = {"Channel": channel, "Purpose": "care", "Agreed": "Yes"}
        await hands.do(play, page.locator("#do"), "Record consent to contact", said)


async def ask_for_both_fields(hands: Hands, play: Play) -> None:
    page = await hands.take(play, CORA, "REF_COMPLETE")
    await hands.do(play, page, "Ask referrer for details")


async def triage(hands: Hands, play: Play) -> None:
    page = await hands.take(play, NORA, "REF_TRIAGE")
    said = {"Category": "Category 2", "Comment": "Fits category 2.", "Accept": True}
    await hands.do(play, page, "Triage", said)


async def offers(hands: Hands, play: Play) -> None:
    page = await hands.take(play, CORA, "BOOK_VISIT")
    await hands.do(play, page, "Offer dates", {"Times from": "2027-02-16", "Times": SLOTS, "Mode": "phone"})


async def takes(hands: Hands, play: Play) -> None:
    page = await hands.open_item(play, CORA, "BOOK_VISIT")
    await hands.do(play, page, "Take offered date", {"Start": "Tue 16 Feb, 09:00"})


async def arrive(hands: Hands, play: Play) -> None:
    page = await hands.open_patient(play, INES)
    visits = page.locator("#visits")
    await visits.get_by_role("button", name="What can be done").first.click()
    await hands.do(play, visits, "Record arrival")


async def begin(hands: Hands, play: Play) -> None:
    page = await hands.open_item(play, PAUL, "VISIT_READY")
    await hands.do(play, page, "Start consultation", {"Kind": "initial"})


async def complete(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "VISIT_READY")
    said = {
        "Outcome": "team programme",
        "Diagnoses": [{"System": "ICD-11", "Code": "MG30.02"}],
        "Checklist": {item: {"Answer": "looked at"} for item in CHECKLIST},
    }
    await hands.do(play, page, "Complete consultation", said)


async def sign_letter(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "LETTER_SIGN")
    said = {"Audience": ["referrer", "general practitioner", "patient"], "Text": "Dear colleague"}
    await hands.do(play, page, "Sign letter", said)


BY_HAND: Mapping[str, Callable] = {
    "the patient consents to SMS and portal": consent,
    "the coordinator asks for both fields at once": ask_for_both_fields,
    "the triage nurse decides: Category 2, accept": triage,
    "the coordinator phones and offers 02-16 and 02-18": offers,
    "the patient takes 02-16": takes,
    "the patient arrives": arrive,
    "the physician starts": begin,
    "the physician completes: MDT_PROGRAMME": complete,
    "the physician signs the letter": sign_letter,
}


def by_hand(hands: Hands, lines: Iterable[Line]) -> Iterable[Line]:
    """The same lines, with hands where staff act."""
    for line in lines:
        yield replace(line, does=deed(hands, BY_HAND[line.title])) if line.title in BY_HAND else line


def deed(hands: Hands, act: Callable) -> Deed:
    async def does(play: Play) -> None:
        await act(hands, play)

    return does
