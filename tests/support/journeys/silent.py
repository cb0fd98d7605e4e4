"""The same journey at a clinic that sends no messages yet: what people and services do is the same, nobody is told."""

from collections.abc import Iterable
from dataclasses import replace

from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.referral_to_letter import confirm, consent


def silently(lines: Iterable[Line]) -> Iterable[Line]:
    """Lines without messages; the patient confirms in the portal instead of by reply."""
    for line in lines:
        facts = "\n".join(text for text in line.facts.splitlines() if "notifications." not in text)
        does = {consent: None, confirm: confirm_in_the_portal}.get(line.does, line.does)  # type: ignore[arg-type]
        yield replace(line, facts=facts, messages="", does=does)


async def confirm_in_the_portal(play: Play) -> None:
    appointment = (await play.last("scheduling.appointment_booked")).subject
    await play.post("scheduling", f"/appointments/{appointment}/confirm", "patient")
