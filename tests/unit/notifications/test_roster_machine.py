"""The roster changes and services start, in any order: each finding is told once, and what was told last is so."""

from functools import cache
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from config.staff import StaffDirectory
from schemas.notifications.v1.roster import RosterFoundComplete, RosterFoundIncomplete
from services.notifications.roster.aggregate import ROSTER, CheckRoster, notices
from services.notifications.rules import Rules
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import rules

HELD_BY = {
    "clinical_lead": {"paul.okafor"},
    "coordination": {"cora.lind"},
    "emergency_contact": {"paul.okafor"},
    "medical": {"maya.stein"},
    "medical_director": {"edith.brandt"},
    "nursing": {"nora.quinn"},
    "on_call_physician": {"paul.okafor", "edith.brandt"},
    "psychology": {"priya.nair"},
    "service_manager": {"mina.cho"},
}
"""Whom ladders call, in order of the alphabet. Who is on call is so on other days than the other."""
BY_ROLE = {"clinical_lead", "medical_director", "service_manager"}
CALLED = sorted(set[str]().union(*HELD_BY.values()))
NOBODY = frozenset[str]()
some = st.frozensets(st.sampled_from(CALLED), max_size=3)


@cache
def without(off_duty: frozenset[str], unreachable: frozenset[str]) -> Rules:
    """Some stand in no roster, some have no telephone."""
    staff = rules().staff.model_dump(by_alias=True)
    for member in staff["members"]:
        if member["login"] in unreachable:
            del member["channels"]["phone"]
    staff["duties"] = [each for each in staff["duties"] if each["staff"] not in off_duty]
    return rules().model_copy(update={"staff": StaffDirectory.model_validate(staff)})


class Rosters(Machine):
    """The roster of a clinic, as its services find it."""

    @initialize()
    def everybody_is_there(self) -> None:
        self.begin(ROSTER, rules())
        self.missing: list[str] = []
        self.told: list[str] = []
        self.starts = 0

    @rule(off_duty=some, unreachable=some)
    def somebody_writes_the_roster(self, off_duty: frozenset[str], unreachable: frozenset[str]) -> None:
        self.world.rules = without(off_duty, unreachable)
        self.missing = [
            post
            for post, people in HELD_BY.items()
            if people & (unreachable if post in BY_ROLE else unreachable | off_duty)
        ]
        assert all(post in sentence for sentence in notices(self.world.rules) for post in self.missing)
        assert len(notices(self.world.rules)) == bool(self.missing)

    @rule()
    def everybody_is_there_again(self) -> None:
        self.somebody_writes_the_roster(NOBODY, NOBODY)

    @rule(processes=st.integers(1, 4))
    def the_service_starts(self, processes: int) -> None:
        """However many of them read it: who finds what was found before says nothing."""
        was, self.told = self.told, self.missing
        made = []
        for _ in range(processes):
            self.starts += 1
            made += self.hear(CheckRoster(), derive(ROOT, f"start {self.starts}"))
        found = RosterFoundIncomplete(posts=tuple(self.missing)) if self.missing else RosterFoundComplete()
        assert made == [found] * (was != self.missing)

    @invariant()
    def no_finding_is_told_twice_running(self) -> None:
        told = [fact for fact, _ in self.world.facts]
        assert all(one != other for one, other in pairwise(told))
        assert not told or not isinstance(told[0], RosterFoundComplete), "nobody missed anybody"


TestRosters = Rosters.TestCase
TestRosters.settings = explored(50, steps=15)
