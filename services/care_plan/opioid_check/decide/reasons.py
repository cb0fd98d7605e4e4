"""Which checks what a patient takes gives a reason for (OPI-01 to OPI-15), by when, and how soon again. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from backbone.model import Given
from config.rules import BusinessDays, Days, Rule
from schemas.care_plan.v1.codes import OpioidCheck
from services.care_plan.opioid.content import OF_LIST
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.states import Followed, Stage
from services.care_plan.risk.states import Risk
from services.care_plan.rules import Rules

Intervals = tuple[relativedelta, ...]
OPIOID = "opioid"
METHADONE = "methadone"
MENTAL_HEALTH = "mental_health"
"""Reviews come sooner (OPI-07); it makes no dose more dangerous (OPI-04)."""


class Due(NamedTuple):
    """A check, the rule that asks for it and the time that it leaves: of several intervals the shortest."""

    check: OpioidCheck
    rule: Rule[Any]
    days: Days | BusinessDays | int | Intervals

    def on(self, at: datetime, rules: Rules) -> date:
        calendar = rules.calendar
        if isinstance(self.days, tuple):
            return soonest(calendar.day(at), self.days)
        if isinstance(self.days, BusinessDays):
            return calendar.business_days_later(calendar.day(at), self.days.business_days)
        return calendar.days_later(at, self.days if isinstance(self.days, int) else self.days.days)


def soonest(day: date, intervals: Intervals) -> date:
    return min(day + each for each in intervals)


class Exposed(NamedTuple):
    """What is known of a person's opioids, of all their records: the highest dose, and every danger."""

    takes: bool
    incomplete: bool
    mme_per_day: Decimal | None
    opioids: frozenset[str]
    doses: Mapping[str, Decimal]
    dangers: frozenset[str]
    sedatives: frozenset[str]
    intensified: bool
    long_supply: bool
    tapers: int

    @property
    def sedating(self) -> frozenset[str]:
        """All that sedates; opioids are one."""
        return self.sedatives | ({OPIOID} if self.takes else set())

    @property
    def tapering(self) -> bool:
        return self.tapers > 0


def exposed(given: Given[Rules]) -> Exposed:
    found = [each for each in given.others.values() if isinstance(each, Assessed)]
    return Exposed(
        takes=any(each.takes_opioids() for each in found),
        incomplete=any(each.exposure == "incomplete" for each in found),
        mme_per_day=max((each.mme_per_day for each in found if each.mme_per_day is not None), default=None),
        opioids=frozenset(name for each in found for name in each.opioids),
        doses=highest(dose for each in found for dose in each.doses),
        dangers=frozenset((*(danger for each in found for danger in each.risk_factors), *mood(given))),
        sedatives=frozenset(name for each in found for name in each.sedatives),
        intensified=any(each.intensified for each in found),
        long_supply=any(each.long_supply for each in found),
        tapers=sum(isinstance(each, Risk) and each.tapering for each in given.others.values()),
    )


def highest(doses: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    """Of each drug: sorted, the last one stays."""
    return dict(sorted(doses))


def mood(given: Given[Rules]) -> Iterable[str]:
    """What a questionnaire shows of mental health, of any record of the person (OPI-07)."""
    return (MENTAL_HEALTH for each in given.others.values() if isinstance(each, Risk) and each.low_mood)


def reasons(now: Exposed, stage: Stage, rules: Rules) -> Iterator[Due]:
    """What holds as long as things stand as they do. A dose that can't be told counts as high."""
    opioid = rules.opioid
    if not is_owed(stage, rules):
        return
    if now.takes and (now.dangers - {MENTAL_HEALTH} or now.incomplete):
        yield Due("naloxone_offer", opioid.naloxone, opioid.naloxone.values)
    yield from of_sedation(now, rules)
    if stage != "accepted" and now.takes:
        yield from of_registry(opioid.registry, rules)
    if stage == "seen":
        yield from of_treatment(now, rules)


def is_owed(stage: Stage, rules: Rules) -> bool:
    """Before the first consultation another prescriber treats: whether anything is owed then, the clinic says."""
    return stage != "accepted" or rules.opioid.obligations_from.values.stage == "accepted"


def of_sedation(now: Exposed, rules: Rules) -> Iterator[Due]:
    """OPI-05, MDT-03: two drugs that sedate, whoever ordered either."""
    opioid = rules.opioid
    if now.takes and now.dangers & {*OF_LIST}:
        yield Due("co_prescription", opioid.co_prescription, opioid.co_prescription.values)
    elif len(now.sedating) > 1:
        clash = rules.care_plan.rest_window
        yield Due("co_prescription", clash, BusinessDays(business_days=clash.values.sedatives_business_days))


def of_registry(asks: Rule[Any], rules: Rules) -> Iterator[Due]:
    """Where there is one; the same day, before anybody prescribes."""
    if rules.opioid.registry.values.name != "none":
        yield Due("registry_check", asks, 0)


def of_treatment(now: Exposed, rules: Rules) -> Iterator[Due]:
    """Once the first consultation was held."""
    opioid = rules.opioid
    if now.incomplete:
        yield Due("mme_reassessment", opioid.reassessment, opioid.reassessment.values)
    if now.tapering:
        yield Due("taper_followup", opioid.taper, opioid.taper.values.followup_days)
    if now.long_supply:
        yield Due("acute_supply", opioid.acute_supply, opioid.acute_supply.values)
    if now.takes:
        yield from of_long_term(now, rules)


def of_long_term(now: Exposed, rules: Rules) -> Iterator[Due]:
    """A review after its interval: whoever saw the patient today has looked. Urine and agreement within their days."""
    opioid = rules.opioid
    asks: Rule[Any] = opioid.intensified if now.intensified else opioid.review
    yield Due("opioid_review", asks, intervals("opioid_review", now, rules))
    yield Due("toxicology", opioid.toxicology, opioid.toxicology.values)
    yield Due("treatment_agreement", opioid.agreement, opioid.agreement.values)


def of_change(before: Followed, now: Exposed, rules: Rules) -> Iterator[Due]:
    """A start or an increase since it was looked at last, from the beginning of the first consultation on (OPI-01,
    OPI-06): what is begun in it is one. Whatever dose is another prescription, for which the registry is looked into
    where the risk is high (OPI-15)."""
    opioid, dose = rules.opioid, now.mme_per_day
    if meet(before, now):
        yield Due("taper_followup", opioid.taper, 0)
    if is_owed(before.stage, rules) and before.sedating and now.sedating - {*before.sedating}:
        yield from of_sedation(now, rules)
    if before.stage == "accepted" or not now.takes:
        return
    if now.intensified and (dose != before.mme_per_day or begun(before, now) or raised(before, now)):
        yield from of_registry(opioid.intensified, rules)
    if not is_more(before, now):
        return
    limit = opioid.factor_set.values.high_mme
    high = dose is not None and dose >= limit
    was = before.mme_per_day if before.takes else Decimal(0)
    if high and was is not None and was < limit:
        yield Due("mme_reassessment", opioid.reassessment, opioid.reassessment.values)
    yield Due("dose_change_review", opioid.dose_change, days_after_change(now, high, rules))


def is_more(before: Followed, now: Exposed) -> bool:
    """A start or an increase. One opioid in place of another is a start and more of one an increase, whatever the dose
    comes to."""
    dose = now.mme_per_day
    is_higher = dose is not None and dose > (before.mme_per_day or 0)
    changed = bool(begun(before, now)) or raised(before, now)
    return now.takes and (not before.takes or is_higher or changed)


def begun(before: Followed, now: Exposed) -> frozenset[str]:
    """Opioids by name that were not among those before; none where nobody knew which those were."""
    return now.opioids - {*before.opioids} if before.opioids else frozenset()


def raised(before: Followed, now: Exposed) -> bool:
    """More of one opioid, while another may fall by more (OPI-06)."""
    was = dict(before.doses)
    return any(name in was and dose > was[name] for name, dose in now.doses.items())


def first_week(before: Followed, now: Exposed, given: Given[Rules]) -> date | None:
    """Until when methadone that was begun or raised now is looked at every few days (OPI-06)."""
    if before.stage == "accepted" or METHADONE not in now.opioids or not is_more(before, now):
        return None
    return given.rules.calendar.days_later(
        given.at, given.rules.opioid.dose_change.values.methadone_week_days
    )


def within_first_week(known: Followed, now: Exposed, given: Given[Rules]) -> date | None:
    """The next look at methadone, as long as its first week lasts."""
    if known.week_until is None or METHADONE not in now.opioids or not now.takes:
        return None
    day = given.rules.calendar.days_later(given.at, given.rules.opioid.dose_change.values.methadone_days)
    return day if day <= known.week_until else None


def meet(before: Followed, now: Exposed) -> bool:
    """Two records with a taper each are one person's now: today somebody says which of them goes on (OPI-03)."""
    return now.tapers > 1 and not before.two_tapers


def days_after_change(now: Exposed, high: bool, rules: Rules) -> int:
    values = rules.opioid.dose_change.values
    if METHADONE in now.opioids:
        return values.methadone_days
    return values.high_days if high or now.opioids & {*values.long_acting} else values.days


def recurring(rules: Rules) -> Mapping[OpioidCheck, Rule[Any]]:
    """The rules of checks that are asked again."""
    opioid = rules.opioid
    return {
        "naloxone_offer": opioid.naloxone,
        "taper_followup": opioid.taper,
        "opioid_review": opioid.review,
        "registry_check": opioid.registry,
        "toxicology": opioid.toxicology,
        "treatment_agreement": opioid.agreement,
    }


def again_on(
    check: OpioidCheck, now: Exposed, given: Given[Rules], since: datetime | None = None
) -> date | None:
    """When what was done then, or today, is asked again, as long as its reason lasts."""
    found = intervals(check, now, given.rules)
    return soonest(given.rules.calendar.day(since or given.at), found) if found else None


def intervals(check: OpioidCheck, now: Exposed, rules: Rules) -> Intervals:
    """Each after which it is asked again (OPI-04, OPI-07 to OPI-11, OPI-15); none for what is done once."""
    opioid = rules.opioid
    if check not in (often := recurring(rules)):
        return ()
    again: relativedelta = often[check].values.again
    closely = {
        "opioid_review": relativedelta(days=opioid.intensified.values.review_days),
        "toxicology": relativedelta(months=opioid.intensified.values.toxicology_months),
    }
    at_risk = check == "opioid_review" and bool(now.dangers)
    return (
        again,
        *([relativedelta(days=opioid.review.values.at_risk_days)] if at_risk else []),
        *([closely[check]] if now.intensified and check in closely else []),
    )
