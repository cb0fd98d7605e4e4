"""However many look like somebody who comes: the closest are asked about, and the question says how many more."""

from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from config.loading import SHIPPED
from services.referral.patient.decide.matching import asked
from services.referral.patient.states import Filed
from services.referral.rules import load_rules
from tests.support.front_desk import SHOULDER, Desk
from tests.support.submissions import a_patient

RULES = load_rules(SHIPPED)
ASKED = RULES.referral.lookalikes.values.asked


async def test_of_fifty_who_look_alike_the_last_to_come_are_asked_about_and_the_rest_are_counted() -> None:
    desk = Desk()
    before = [
        await desk.send(f"R-{number}", patient=a_patient(f"P-{number}"), **SHOULDER) for number in range(50)
    ]
    last = await desk.send("R-50", patient=a_patient("P-50"), **SHOULDER)
    suspicions = (await desk.read(f"/referrals/{last['id']}"))["suspicions"]
    assert {each["other_referral_id"] for each in suspicions} == {each["id"] for each in before[-ASKED:]}
    assert [each["more"] for each in suspicions] == [50 - ASKED] * ASKED
    told = [fact for fact in desk.clinic.facts() if fact.name == "duplicate_suspected"]
    assert [fact.fact["more"] for fact in told if fact.subject == last["id"]] == [50 - ASKED] * ASKED


async def test_of_few_who_look_alike_nobody_is_left_out() -> None:
    desk = Desk()
    for number in range(ASKED):
        await desk.send(f"R-{number}", patient=a_patient(f"P-{number}"), **SHOULDER)
    last = await desk.send("R-last", patient=a_patient("P-last"), **SHOULDER)
    suspicions = (await desk.read(f"/referrals/{last['id']}"))["suspicions"]
    assert [each.get("more") for each in suspicions] == [None] * ASKED


BASES = st.lists(
    st.sampled_from(("seen_recently", "same_body_site", "same_condition")), min_size=1, unique=True
)


@given(st.lists(BASES, max_size=30))
def test_none_that_is_left_out_has_more_in_common_than_one_that_is_asked_about(bases) -> None:
    found = [
        (Filed(derive(ROOT, f"referral {number}"), (), ()), tuple(basis))
        for number, basis in enumerate(bases)
    ]
    facts = list(asked(derive(ROOT, "a newcomer"), found, RULES))
    known = {fact.other_referral_id for fact in facts}
    left = [len(basis) for other, basis in found if other.referral_id not in known]
    assert len(facts) + (facts[0].more or 0 if facts else 0) == len(found)
    assert len(facts) <= ASKED
    assert not left or max(left) <= min(len(fact.basis) for fact in facts)
