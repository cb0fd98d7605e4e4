"""Warnings by the dozen at night: who is called can read what they are told, and an emergency is told as if alone."""

from collections import Counter

import pytest

from backbone.ids import ROOT, derive
from tests.support.on_call import OnCall
from tests.support.pages import NUMBERS, is_page
from tests.support.post_room import PostRoom
from tests.support.referral_facts import red_flag_raised

AT_THREE = "2027-02-06 03:00"
FIVE = 5
"""`escalation.pages`"""


class Night(PostRoom):
    """Somebody raises warnings about many patients; what is sent since the last look."""

    def __init__(self) -> None:
        super().__init__(AT_THREE)
        self._seen = 0

    async def warn(self, *numbers: int, flag: str = "infection", severity: str = "same_day") -> None:
        for number in numbers:
            about = {"patient": derive(ROOT, f"patient {number}"), "referral": derive(ROOT, f"of {number}")}
            fact = red_flag_raised(flag, severity, derive(ROOT, f"flag {number}"))
            await self.tell(fact, aggregate=about["referral"], **about)

    def paged(self) -> Counter[str]:
        new = [each for each in self.outside.gateway.texts[self._seen :] if is_page(each.body)]
        self._seen = len(self.outside.gateway.texts)
        return Counter(
            f"{NUMBERS[each.to]} {'several' if 'one by one' in each.body else 'one'}" for each in new
        )


async def test_of_many_warnings_each_gets_a_few_pages_and_then_one_for_all() -> None:
    night = Night()
    await night.warn(*range(30))
    assert night.paged() == {"paul.okafor one": FIVE}
    assert len([each for each in night.outside.mails if is_page(each)]) == FIVE
    await night.until("2027-02-06 03:15")
    assert night.paged() == {"paul.okafor several": 1}
    await night.until("2027-02-06 04:30")
    told = night.paged()
    assert told["mina.cho one"] == told["edith.brandt one"] == FIVE
    assert all(told[f"{who} several"] <= 6 for who in ("paul.okafor", "mina.cho", "edith.brandt"))


async def test_an_emergency_among_them_is_told_at_once_and_by_itself() -> None:
    night = Night()
    await night.warn(*range(30))
    night.paged()
    await night.warn(30, flag="cauda_equina_neuro", severity="emergency")
    assert night.paged() == {"paul.okafor one": 1}
    await night.warn(*range(31, 60), flag="cauda_equina_neuro", severity="emergency")
    assert night.paged() == {"paul.okafor one": FIVE - 1}
    await night.until("2027-02-06 03:01")
    assert night.paged() == {"paul.okafor several": 1}


async def test_after_a_quiet_while_each_is_told_by_itself_again() -> None:
    night = Night()
    await night.warn(*range(FIVE))
    assert night.paged() == {"paul.okafor one": FIVE}
    await night.until("2027-02-06 03:16")
    await night.warn(30)
    assert night.paged() == {"paul.okafor one": 1}


@pytest.mark.parametrize("way", ["release", "undo"])
async def test_what_is_claimed_and_given_back_is_called_about_again(way: str) -> None:
    night = OnCall(AT_THREE)
    await night.refer(cauda_equina_neuro="yes")
    night.pages()
    for number in range(20):
        assert await night.claim("RED_FLAG", "paul.okafor") == 200
        item = await night.item("RED_FLAG")
        path, seen = f"/items/{item['item_id']}/{way}", {"if-match": f'"{item["version"]}"'}
        await night.clinic.ask("POST", "worklist", path, "paul.okafor", headers=seen)
        if not number:
            assert night.pages() == ["paul.okafor mail", "paul.okafor text"]
    assert len(night.pages()) <= 2 * FIVE
    assert await night.until("2027-02-06 03:01") == ["paul.okafor mail", "paul.okafor text"]
    assert [each for each in await night.until("2027-02-06 03:16") if "text" in each] == ["paul.okafor text"]


MANY = 500


async def test_about_500_patients_at_once_nobody_gets_more_than_can_be_read_and_every_ladder_goes_on() -> (
    None
):
    """What is sent grows with time and people, not with patients; what is kept of it stays small."""
    night = Night()
    await night.warn(*range(MANY))
    assert night.paged() == {"paul.okafor one": FIVE}
    await night.until("2027-02-06 03:30")
    told = night.paged()
    assert all(number <= FIVE for number in told.values()), told
    raised = await night.system.journal("notifications", "notifications.escalation_raised.v1")
    passed = await night.system.journal("notifications", "notifications.escalation_timed_out.v1")
    assert len(raised) == len({each["escalation_id"] for each in passed}) == MANY
    pagers = night.system.workers["notifications"].store.tables.states["pager"].values()
    assert pagers and all(len(each.body) < 1_000 for each in pagers)
