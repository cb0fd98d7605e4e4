"""The lists in which things of a person are shown, and how scores are shown over time."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from pydantic import BaseModel, Field

from backbone.engine.runtime import Told
from backbone.http.calls import Document
from backbone.http.listing import Listed, PersonPage
from config.instruments import Scoring
from schemas.care_plan.v1.codes import Band, CaseDecision, ExposureStatus, Finding, Instrument, Subscale
from schemas.care_plan.v1.mdt import MeetingAction
from schemas.care_plan.v1.measure import MeasureEnteredInError, MeasureScored, PartScore
from schemas.fact import Code, Day, Dec, Id, Instant, RuleId, Word
from services.care_plan.letter.documents import LetterDocument
from services.care_plan.rules import Measures


class PlanPage(PersonPage):
    plans: list[Listed]


class ConsultationPage(PersonPage):
    """`outcome` and `diagnoses` for those who read consultations."""

    class Held(Listed):
        started_at: Instant | None = None
        started_by: Id | None = None
        completed_at: Instant | None = None
        appointment_id: Id | None = None

    consultations: list[Held]


class LetterPage(PersonPage):
    letters: list[LetterDocument]


class TeamDecision(BaseModel):
    """`note_ref` names the minutes: what was said, and dissent in words."""

    at: Instant
    meeting_id: Id
    decision: CaseDecision
    attendees: list[Word] = Field(description="Their roles")
    quorum_met: bool
    dissent: bool
    decided_by: Id | None = None
    note_ref: Id
    actions: list[MeetingAction]


class ShownCase(Listed):
    decisions: list[TeamDecision] = Field([], description="Oldest first")


class CasePage(PersonPage):
    cases: list[ShownCase]


class InvestigationPage(PersonPage):
    """Of what is settled only that it is."""

    class Asked(Listed):
        kind: Code | None = None
        due_on: Day | None = None
        responsible_id: Id | None = None

    investigations: list[Asked]


class ActionPage(PersonPage):
    """`note_ref` names the minutes that have its words. What an action was is told also when it is over."""

    class Action(Listed):
        kind: Code | None = None
        due_on: Day | None = None
        owner_queue: Code | None = None
        owner_id: Id | None = None
        note_ref: Id | None = None

    actions: list[Action]


class AskedOverride(BaseModel):
    """A rule that asked whether to go on, and what was answered."""

    override_id: Id
    rule: RuleId
    on: Day
    status: Code
    granted: bool | None = None


class ProcedurePage(PersonPage):
    class Held(Listed):
        overrides: list[AskedOverride] = Field([], description="Oldest first")

    procedures: list[Held]


class ConflictPage(PersonPage):
    """Orders that do not go together, and nobody has said that they may."""

    conflicts: list[Listed]


class AlertPage(PersonPage):
    """`withheld`: what it is about is for those who read psychology and risk."""

    class Alert(Listed):
        withheld: bool = False
        raised_at: Instant | None = None
        severity: str | None = None

    alerts: list[Alert]


class RequestPage(PersonPage):
    requests: list[Listed]


class Point(BaseModel):
    """One score. `change` since the baseline; `responder`: better by as much as means something; `in_error`: it was
    entered by mistake, and nothing counts from it."""

    taken_at: datetime
    score: Dec
    band: Band | None = None
    change: Dec | None = None
    responder: bool | None = None
    findings: list[Finding] = []
    parts: list[PartScore] | None = None
    in_error: bool = False


class ShownBand(BaseModel):
    """From `above` (not included where the band below includes it) up to `up_to`; None: to the end of the scale."""

    code: Band
    above: Dec
    up_to: Dec
    ends_before: bool = Field(description="A score of `up_to` is in the next band")


class Change(BaseModel):
    """The smallest change for the better that means something: `points`, or `percent` of the baseline."""

    points: Dec | None = None
    percent: int | None = None
    band_changes: bool = False


class Measure(BaseModel):
    """One line of a chart, oldest first. `lowest` and `highest`: what a score can be."""

    instrument: Instrument
    subscale: Subscale | None = None
    lowest: int
    highest: int
    higher_is_better: bool
    bands: list[ShownBand]
    important_change: Change | None = None
    rule: str = Field(description="Id and version of the rule that scores it")
    points: list[Point]


class MeasureList(BaseModel):
    patient_id: Id
    measures: list[Measure]


class ExposureList(BaseModel):
    """Of each record of the person."""

    class Exposure(BaseModel):
        class Judged(BaseModel):
            at: Instant
            status: ExposureStatus
            mme_per_day: Dec | None = None
            has_buprenorphine: bool
            risk_factors: list[Code]
            context: Code

        class Lowering(BaseModel):
            """How the dose is lowered, as it was agreed."""

            class LowerDose(BaseModel):
                on: Day
                mme: Dec

            steps: list[LowerDose]

        patient_id: Id
        exposure: ExposureStatus
        mme_per_day: Dec | None = None
        has_buprenorphine: bool
        stated: bool
        list_ref: Id | None = None
        judged: list[Judged]
        taper: Lowering | None = None

    patient_id: Id
    exposures: list[Exposure]


def measures(told: Sequence[Told], rules: Measures) -> list[Document]:
    """Scores by instrument and subscale, each with what its scale means today."""

    def line(told: Told) -> tuple[str, str]:
        return told.fact.instrument, told.fact.subscale or ""

    struck = {score_of(each.fact) for each in told if isinstance(each.fact, MeasureEnteredInError)}
    scores = (each for each in told if isinstance(each.fact, MeasureScored))
    ordered = sorted(scores, key=lambda told: (*line(told), told.fact.taken_at))
    groups = (group for _, group in groupby(ordered, key=line))
    return [measure([each.fact for each in group], struck, rules) for group in groups]


def score_of(fact: MeasureScored | MeasureEnteredInError) -> tuple[str, str]:
    return fact.submission_id, fact.instrument


def measure(scores: Sequence[MeasureScored], struck: Container[tuple[str, str]], rules: Measures) -> Document:
    [instrument], [subscale] = {each.instrument for each in scores}, {each.subscale for each in scores}
    rule = rules.instruments[instrument]
    lowest, highest = span(rule.values, subscale)
    return Measure(
        instrument=instrument,
        subscale=subscale,
        lowest=lowest,
        highest=highest,
        higher_is_better=rule.values.higher_is_better,
        bands=list(bands(rule.values, subscale, lowest, highest)),
        important_change=important_change(instrument, subscale, rules),
        rule=rule.named,
        points=[point(each, score_of(each) in struck) for each in scores],
    ).model_dump(mode="json")


def point(score: MeasureScored, in_error: bool) -> Point:
    shown = Point.model_validate(score, from_attributes=True)
    return shown.model_copy(update={"in_error": in_error})


def span(scoring: Scoring, subscale: Subscale | None) -> tuple[int, int]:
    """What a score can be, by the instrument's method."""
    items = len(scoring.scales[subscale].items)
    factors: dict[str, int] = {"sum": items, "double_sum": 2 * items}
    if scoring.method == "percent_of_answered":
        return 0, 100
    factor = factors.get(scoring.method, 1)
    return factor * scoring.lowest, factor * scoring.highest


def bands(scoring: Scoring, subscale: Subscale | None, lowest: int, highest: int) -> Iterable[ShownBand]:
    above = Decimal(lowest)
    for each in scoring.scales[subscale].bands:
        up_to = each.below if each.below is not None else each.up_to
        end = Decimal(highest) if up_to is None else up_to
        yield ShownBand(code=each.code, above=above, up_to=end, ends_before=each.below is not None)
        above = end


def important_change(instrument: Instrument, subscale: Subscale | None, rules: Measures) -> Change | None:
    """PEG is judged by OUT-03, every other one by its own rule."""
    if instrument == "peg":
        return Change(percent=rules.responder.values.percent)
    improvement = rules.instruments[instrument].values.scales[subscale].improvement
    return Change.model_validate(improvement, from_attributes=True) if improvement else None


def without_findings(measure: Document) -> Document:
    """PRV-07: the scores, and nothing of what they say about psychology."""
    points = [{name: said for name, said in each.items() if name != "findings"} for each in measure["points"]]
    return {**measure, "points": points}
