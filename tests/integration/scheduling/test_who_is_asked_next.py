"""Who is asked next for a freed time is found among who waits in a real PostgreSQL (ATT-09)."""

import httpx

from backbone.ids import ROOT, derive
from backbone.model import one, together
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    RequestBooking,
)
from services.scheduling.booking_request.states import Wish
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, entry_of
from services.scheduling.waiting_list.commands import JoinList
from services.scheduling.waiting_list.states import Place
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import A_COORDINATOR, by

FIRST = Wish(purpose="initial_consultation", discipline="medical", priority="routine")
ANSWERS = {200, 201}


async def waits(system: MemorySystem, name: str, category: str) -> str:
    request = derive(ROOT, f"request of {name}")
    place = Place(
        booking_request_id=request,
        purpose=FIRST.purpose,
        discipline=FIRST.discipline,
        category=category,
        short_notice_ok=True,
    )
    order = together(
        BOOKING_REQUEST.send(RequestBooking(wish=FIRST), to=one(request)),
        WAITLIST_ENTRY.send(JoinList(place=place), to=one(entry_of(request))),
        pathway=one(derive(ROOT, f"referral of {name}")),
    )
    await system.order("scheduling", order, about=derive(ROOT, f"patient {name}"))
    return request


async def test_the_next_one_is_found_and_asked_once_with_the_freed_time_held(
    system: MemorySystem, http: httpx.AsyncClient
) -> None:
    leaving = await waits(system, "who leaves", "cat_2")
    later, urgent = (
        await waits(system, "the later one", "cat_3"),
        await waits(system, "the urgent one", "cat_1"),
    )
    headers = by(A_COORDINATOR)
    found = (await http.get(f"/booking-requests/{leaving}/slots", headers=headers)).json()["slots"]
    slot = {name: found[-1][name] for name in ("clinician_id", "start")}
    path = f"/booking-requests/{leaving}/appointments"
    booked = await http.post(path, json={"slots": [slot], "short_notice_accepted": True}, headers=headers)
    assert booked.status_code in ANSWERS
    cancelled = {"by": "patient", "reason": "ill"}
    path = f"/appointments/{booked.json()['appointment_ids'][0]}/cancel"
    assert (await http.post(path, json=cancelled, headers=headers)).status_code in ANSWERS
    await system.settle()
    made = await system.journal("scheduling", "scheduling.waitlist_offer_made.v1")
    assert [each["entry_id"] for each in made] == [entry_of(urgent)]
    await http.post(f"/offers/{made[0]['offer_id']}/decline", headers=headers)
    await system.settle()
    made = await system.journal("scheduling", "scheduling.waitlist_offer_made.v1")
    assert [each["entry_id"] for each in made] == [entry_of(urgent), entry_of(later)]
