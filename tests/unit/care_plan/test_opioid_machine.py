"""Opioid exposure under any sequence of drug lists: unknown is never none, every list counts once."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Command
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.care_plan.opioid.aggregate import (
    OPIOID_PROFILE,
    AssessAgain,
    AssessList,
    NoteOverdose,
    ScoreRisk,
    StateExposure,
)
from services.care_plan.opioid.content import Drug, DrugList, Exposure, exposure
from services.care_plan.opioid.states import Assessed
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, rules, some_id

TABLE = rules().drugs.table.values
OPIOIDS = [drug for drug in TABLE.drugs.values() if "opioid" in drug.classes]
KNOWN = st.sampled_from([code for drug in OPIOIDS for code in drug.codes["rxnorm"]])
OTHERS = st.sampled_from(("161", "5640", "3322", "nobody-knows-it"))
SYSTEMS = st.sampled_from((*[TABLE.systems["rxnorm"]] * 4, "urn:our-hospital:formulary"))
ROUTES = st.sampled_from(("oral", "oral", "transdermal", "intrathecal", None))
DOSES = st.sampled_from((None, Decimal(5), Decimal(30)))
DRUGS = st.builds(
    lambda code, system, route, dose, unit, times: Drug(
        code=code, system=system, route=route, dose=dose, unit=unit, per_day=times
    ),
    KNOWN | OTHERS,
    SYSTEMS,
    ROUTES,
    DOSES,
    st.sampled_from(("mg", "mg", "mcg/h", None)),
    st.sampled_from((Decimal(1), Decimal(4), None)),
)
LISTS = st.lists(DRUGS, max_size=4).map(tuple)


def is_high(found: Exposure) -> bool:
    """Incomplete counts as high (fail closed)."""
    return (
        found.status == "incomplete" or (found.mme_per_day or 0) >= rules().opioid.factor_set.values.high_mme
    )


class Profiles(Machine):
    told: list[tuple[Command, str]]
    latest: AssessList | None
    stated: StateExposure | None

    @initialize()
    def nothing_is_known(self) -> None:
        self.begin(OPIOID_PROFILE, rules())
        self.told, self.latest, self.stated = [], None, None

    @rule(drugs=LISTS, complete=st.booleans())
    def a_list_comes(self, drugs: tuple[Drug, ...], complete: bool) -> None:
        cause = some_id(f"fact {len(self.told)}")
        self.latest = AssessList(drugs=drugs, complete=complete, source_id=cause, context="intake")
        self.stated = None
        made = self.tell(self.latest)
        assert sum(isinstance(fact, OpioidExposureAssessed) for fact in made) == 1

    @rule(only_if_any=st.booleans())
    def somebody_looks_again(self, only_if_any: bool) -> None:
        known = self.latest is not None and not self.latest.drugs and self.latest.complete
        known = known if self.stated is None else self.world.state.exposure == "none"
        made = self.tell(AssessAgain(context="consultation", only_if_any=only_if_any))
        assert bool(made) or only_if_any
        assert not (known and only_if_any and made), "nothing is said where there are no opioids"

    @rule(dose=st.sampled_from((None, Decimal(0), Decimal(20), Decimal(90))), buprenorphine=st.booleans())
    def a_clinician_says_what_it_is(self, dose: Decimal | None, buprenorphine: bool) -> None:
        said = StateExposure(mme_per_day=dose, has_buprenorphine=buprenorphine)
        self.refuse((*OUTSIDERS, COORDINATOR), said)
        assert self.take(NURSE, said)
        self.stated = said

    @rule(high=st.booleans())
    def a_risk_tool_says_how_closely_to_look(self, high: bool) -> None:
        was = getattr(self.world.state, "intensified", False)
        made = [each for each in self.tell(ScoreRisk(high)) if isinstance(each, OpioidExposureAssessed)]
        assert bool(made) == (was != high)
        assert all(each.profile == ("intensified" if high else "standard") for each in made)

    @rule(flag=st.sampled_from((some_id("flag 1"), some_id("flag 2"))), there=st.booleans())
    def a_red_flag_tells_of_an_overdose(self, flag: str, there: bool) -> None:
        flags = getattr(self.world.state, "overdoses", ())
        made = self.tell(NoteOverdose(flag_id=flag, there=there))
        assert bool(made) == ((flag in flags) != there)
        if there:
            assert flag in self.world.state.overdoses
            assert not made or "overdose" in self.world.state.risk_factors

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        lists = [each for each in self.told if isinstance(each[0], AssessList)]
        if lists:
            before = len(self.world.facts)
            self.world.command(*data.draw(st.sampled_from(lists)))
            assert len(self.world.facts) == before

    @rule(drugs=LISTS, more=DRUGS)
    def one_drug_more_is_never_less(self, drugs: tuple[Drug, ...], more: Drug) -> None:
        few, many = (exposure(DrugList(known, True), rules()) for known in (drugs, (*drugs, more)))
        if is_high(few):
            assert is_high(many)
        if few.status == "incomplete":
            assert many.status == "incomplete"
        if few.mme_per_day is not None and many.mme_per_day is not None:
            assert few.mme_per_day <= many.mme_per_day

    def tell(self, command: Command) -> list[object]:
        cause = some_id(f"fact {len(self.told)}")
        self.told.append((command, cause))
        return list(self.hear(command, cause))

    @invariant()
    def what_is_not_known_is_never_none(self) -> None:
        for fact in self.made(OpioidExposureAssessed):
            assert fact.mme_per_day is not None or fact.status != "complete"
            assert fact.mme_per_day is None or fact.status != "none"
        said = self.made(OpioidExposureAssessed)
        if self.stated is not None:
            assert said[-1].status != "incomplete", "a clinician said so, and no list came since"
        elif self.latest is None:
            assert all(fact.status == "incomplete" for fact in said)
        else:
            assert (
                said[-1].status == exposure(DrugList(self.latest.drugs, self.latest.complete), rules()).status
            )
            assert self.latest.complete or said[-1].status == "incomplete"

    @invariant()
    def the_profile_is_what_was_said_last(self) -> None:
        state, said = self.world.state, self.made(OpioidExposureAssessed)
        if isinstance(state, Assessed):
            assert (state.exposure, state.mme_per_day) == (said[-1].status, said[-1].mme_per_day)


TestProfiles = Profiles.TestCase
TestProfiles.settings = explored(60, steps=30)
