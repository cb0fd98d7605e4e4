"""Journey 1 with hands where staff act; patients and referrers act as the script says."""

from collections.abc import Iterable
from dataclasses import replace

from tests.support.journeys.by_hand.hands import Hands
from tests.support.journeys.by_hand.people import Act
from tests.support.journeys.by_hand.programme import PROGRAMME
from tests.support.journeys.by_hand.reviews import TO_THE_END
from tests.support.journeys.by_hand.visits import VISITS
from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play

BY_HAND = {**PROGRAMME, **VISITS, **TO_THE_END}
OTHERS = {
    "the PCP sends the referral",
    "the PCP supplies them",
    "the patient answers",
    "three days before; the patient replies",
}
"""What nobody of the staff does."""


def by_hand(hands: Hands, lines: Iterable[Line], since: str = "") -> Iterable[Line]:
    """The same lines, from that time on. Everybody who acts has hands, or is none of the staff."""
    for line in lines:
        act = BY_HAND.get(line.title)
        assert act or not line.does or line.title in OTHERS, f"nobody's hands: {line.title}"
        yield replace(line, does=deed(hands, act)) if act and line.at >= since else line


def deed(hands: Hands, act: Act) -> Deed:
    async def does(play: Play) -> None:
        await act(hands, play)

    return does
