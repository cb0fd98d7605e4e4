"""What the team does about a case: on the agenda, decided, closed."""

from collections.abc import Sequence

from tests.support.journeys.play import Deed, Play, instant

PRESENT = ("paul.okafor", "fay.dunn", "priya.nair", "cora.lind")


def lists(start: str, queues: Sequence[str]) -> Deed:
    """The coordinator plans a meeting and puts the case on its agenda."""

    async def does(play: Play) -> None:
        await play.claim("MDT_LIST", "cora.lind")
        meeting_at = {"start": instant(start), "location": "main"}
        await play.post("care_plan", "/mdt/meetings", "cora.lind", **meeting_at)
        meeting = (await play.last("care_plan.mdt_meeting_scheduled")).subject
        path = f"/mdt/cases/{(await play.last('care_plan.mdt_case_requested')).subject}/list"
        await play.post("care_plan", path, "cora.lind", meeting_id=meeting, prep_queues=queues)

    return does


def meets(decision: str, summary: str, *actions: dict[str, str]) -> Deed:
    """The team decides, and the meeting is closed."""

    async def does(play: Play) -> None:
        meeting = (await play.last("care_plan.mdt_meeting_scheduled")).subject
        case = (await play.last("care_plan.mdt_case_requested")).subject
        said = {
            "meeting_id": meeting,
            "decision": decision,
            "attendees": [play.clinic.staff(who) for who in PRESENT],
            "summary": summary,
            "actions": actions,
        }
        await play.post("care_plan", f"/mdt/meetings/{meeting}/open", "paul.okafor")
        await play.post("care_plan", f"/mdt/cases/{case}/decide", "paul.okafor", **said)
        await play.post("care_plan", f"/mdt/meetings/{meeting}/close", "paul.okafor")

    return does


def action(queue: str, due_on: str, text: str, **more: str) -> dict[str, str]:
    return {"owner_queue": queue, "due_on": due_on, "priority": "routine", "text": text, **more}
